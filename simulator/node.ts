import { toHex } from '@tallystick/core/codec'
import {
  type Consensus,
  type ConsensusConfig,
  type ConsensusMessage,
  createConsensus,
  decodeJournalRecord,
  type Effect,
  encodeJournalRecord,
  type InputEvent,
  type JournalRecord,
} from '@tallystick/core/consensus'
import type { Block, ExecutedRoots, Header } from '@tallystick/core/protocol'
import { emptyLedgerDisk, type LedgerDisk, SimulatedApplication } from './application.ts'
import { CommitQueue } from './commit-queue.ts'
import type { EventQueue } from './event-queue.ts'
import type { Random } from './random.ts'
import type { Workload } from './workload.ts'

type Check = Extract<Effect, { kind: 'check' }>

/** What survives a crash. */
export interface Disk {
  journal: Uint8Array[]
  reservation: { epoch: number; view: number } | undefined
  ledger: LedgerDisk
}

export interface Surroundings {
  readonly queue: EventQueue
  readonly random: Random
  readonly workload: Workload
  readonly genesis: Header
  /** The indexes of the nodes that this one has connections with. */
  readonly peersOf: (node: number) => readonly number[]
  readonly validatorAt: (node: number) => number | undefined
  /** Carries out what leaves the node: messages and things to observe. */
  readonly released: (node: SimulatedNode, effect: Effect) => void
  readonly executed: (roots: ExecutedRoots) => void
  readonly crashed: (node: SimulatedNode) => void
}

/** A shell that breaks a rule on purpose: the oracles have to notice. */
export type ShellMutation =
  | 'forgets votes over a restart'
  | 'releases effects before the sync'
  | 'forgets what it is committing'

/** Percentages per turn at which a node with something to sync crashes. */
export interface CrashOdds {
  beforeSync: number
  afterSync: number
  betweenEffects: number
}

export const noCrashes: CrashOdds = { beforeSync: 0, afterSync: 0, betweenEffects: 0 }

/** The real engine on simulated clock, disk and network, with the contract of a turn: append, sync, then effects. */
export class SimulatedNode {
  readonly index: number
  readonly config: ConsensusConfig
  disk: Disk = { journal: [], reservation: undefined, ledger: emptyLedgerDisk() }
  crashOdds: CrashOdds = noCrashes
  /** The longest that storing one final block takes here. */
  commitBlockMsMax = 10
  mutation: ShellMutation | undefined
  core: Consensus | undefined
  application: SimulatedApplication
  isPaused = false
  isSyncing = false
  restarts = 0
  readonly #around: Surroundings
  #inbox: InputEvent[] = []
  #life = 0
  #wake = 0
  #pumping = false
  readonly #pendingChecks = new Map<string, Check>()
  #executing = false
  #commits: CommitQueue

  constructor(index: number, config: ConsensusConfig, around: Surroundings) {
    this.index = index
    this.config = config
    this.#around = around
    this.application = this.#makeApplication()
    this.#commits = this.#makeCommits()
  }

  get isUp(): boolean {
    return this.core !== undefined
  }

  /** Blocks that are final for the core, but not on the disk. */
  get unstored(): number {
    return this.#commits.blocks.length
  }

  start(change: (records: JournalRecord[]) => JournalRecord[] = (records) => records): void {
    if (this.isUp) return
    this.#life++
    this.#inbox = []
    this.#pendingChecks.clear()
    this.isSyncing = false
    this.#executing = false
    this.isPaused = false
    this.application = this.#makeApplication()
    this.#commits = this.#makeCommits()
    for (let left = this.#around.random.below(3); left > 0 && this.application.executeNext() !== undefined; left--);
    const committed = this.application.committed()
    while (this.application.executedHeight < committed.header.executed.height) {
      if (this.application.executeNext() === undefined) break
    }
    this.core = createConsensus(this.config, {
      records: change(this.#recordsOnDisk()),
      damaged: false,
      reservation: this.disk.reservation,
      committed,
      executed: this.application.rootsFrom(committed.header.executed.height),
    })
    this.disk.journal = this.core.live().map(encodeJournalRecord)
    this.give({ kind: 'start' })
    for (const peer of this.#around.peersOf(this.index)) this.connected(peer)
    this.workChanged()
    this.#execute()
  }

  /** Everything in memory is gone; of records that were not synced a random beginning may have reached the disk. */
  crash(unsynced: readonly JournalRecord[] = []): void {
    if (!this.isUp) return
    const kept = this.#around.random.below(unsynced.length + 1)
    this.disk.journal.push(...unsynced.slice(0, kept).map(encodeJournalRecord))
    this.application.crash(this.#commits.storing, this.#around.random)
    this.core = undefined
    this.#life++
    this.restarts++
    this.#around.crashed(this)
  }

  /** The disk lost the journal; the reservation is in a file of its own. */
  loseJournal(): void {
    if (!this.isUp || this.disk.reservation === undefined) return
    this.crash()
    this.disk.journal = []
  }

  connected(peer: number): void {
    this.give({ kind: 'connected', peer: { id: `n${peer}`, validator: this.#around.validatorAt(peer) } })
  }

  disconnected(peer: number): void {
    this.give({ kind: 'disconnected', peer: { id: `n${peer}`, validator: this.#around.validatorAt(peer) } })
  }

  receive(from: number, message: ConsensusMessage): void {
    this.give({ kind: 'message', from: { id: `n${from}`, validator: this.#around.validatorAt(from) }, message })
  }

  resume(): void {
    this.isPaused = false
    this.#schedule()
  }

  /** New batches may give work, and let a check or a commit go on. */
  workChanged(): void {
    if (!this.isUp) return
    this.give({ kind: 'work', present: this.application.hasWork() })
    for (const check of [...this.#pendingChecks.values()]) this.#check(check)
    this.#commits.goOn()
  }

  give(event: InputEvent): void {
    if (!this.isUp) return
    this.#inbox.push(event)
    this.#schedule()
  }

  #recordsOnDisk(): JournalRecord[] {
    const records = this.disk.journal.map(decodeJournalRecord)
    return this.mutation === 'forgets votes over a restart' ? records.filter(({ kind }) => kind !== 'vote') : records
  }

  #makeApplication(): SimulatedApplication {
    return new SimulatedApplication(this.#around.genesis, this.disk.ledger, this.#around.workload, this.index)
  }

  #makeCommits(): CommitQueue {
    return new CommitQueue({
      random: this.#around.random,
      blockMsMax: this.commitBlockMsMax,
      after: (delayMs, run) => this.#later(delayMs, run),
      holdsAll: ({ blocks }) => this.application.holdsAll(blocks),
      stored: (commit) => {
        this.application.commit(commit)
        this.give({ kind: 'committed', height: commit.blocks.at(-1)!.header.height })
        this.workChanged()
        this.#execute()
      },
    })
  }

  /** What is not on the disk below a block: whatever is final but not stored yet is known to the shell alone. */
  #pathOf(ancestors: readonly Block[]): readonly Block[] {
    return this.mutation === 'forgets what it is committing' ? ancestors : [...this.#commits.blocks, ...ancestors]
  }

  #later(delayMs: number, run: () => void): void {
    const life = this.#life
    this.#around.queue.after(delayMs, () => {
      if (life === this.#life) run()
    })
  }

  #schedule(): void {
    if (this.#pumping || this.isSyncing || this.isPaused) return
    this.#pumping = true
    const life = this.#life
    this.#around.queue.after(0, () => {
      this.#pumping = false
      if (life === this.#life) this.#turn()
      else if (this.#inbox.length > 0) this.#schedule()
    })
  }

  #turn(): void {
    if (this.isSyncing || this.isPaused || this.core === undefined) return
    const inputs = timersLast(this.#inbox)
    this.#inbox = []
    const journal: JournalRecord[] = []
    const effects: Effect[] = []
    for (const event of inputs) {
      const turn = this.core.step({ ...event, nowMs: this.#around.queue.nowMs })
      journal.push(...turn.journal)
      effects.push(...turn.effects)
    }
    if (journal.length === 0) {
      this.#release(effects)
      return
    }
    this.isSyncing = true
    const { random } = this.#around
    const isEarly = this.mutation === 'releases effects before the sync'
    if (isEarly) this.#release(effects)
    this.#later(random.between(1, 4), () => {
      this.isSyncing = false
      if (random.chance(this.crashOdds.beforeSync)) {
        this.crash(journal)
        return
      }
      this.disk.journal.push(...journal.map(encodeJournalRecord))
      if (random.chance(this.crashOdds.afterSync)) {
        this.crash()
        return
      }
      if (!isEarly) this.#release(effects)
      if (this.isUp && this.#inbox.length > 0) this.#schedule()
    })
  }

  #release(effects: readonly Effect[]): void {
    const { random } = this.#around
    const crashAt = random.chance(this.crashOdds.betweenEffects) ? random.below(effects.length + 1) : -1
    for (const [i, effect] of effects.entries()) {
      if (i === crashAt) this.crash()
      if (!this.isUp) return
      this.#carryOut(effect)
    }
  }

  #carryOut(effect: Effect): void {
    const { random } = this.#around
    switch (effect.kind) {
      case 'loopback':
        this.give({ kind: 'own', votes: effect.votes })
        return
      case 'wake':
        this.#setWake(effect.atMs)
        return
      case 'build': {
        const { view, ancestors } = effect.request
        const path = this.#pathOf(ancestors)
        this.#later(random.between(0, 5), () => {
          const payload = this.application.build(path)
          this.give({ kind: 'built', view, payload, timeMs: 1_000_000 + this.#around.queue.nowMs })
        })
        return
      }
      case 'check': {
        const check = { ...effect, ancestors: this.#pathOf(effect.ancestors) }
        this.#pendingChecks.set(toHex(effect.hash), check)
        this.#later(random.between(0, 5), () => this.#check(check))
        return
      }
      case 'commit':
        this.#around.released(this, effect)
        this.#commits.add(effect.commit)
        return
      case 'reserve':
        this.#later(random.between(1, 5), () => {
          this.disk.reservation = { epoch: this.config.epoch, view: effect.view }
          this.give({ kind: 'reserved', view: effect.view })
        })
        return
      default:
        this.#around.released(this, effect)
    }
  }

  #check({ block, hash, ancestors }: Check): void {
    const verdict = this.application.check(block, ancestors)
    if (verdict === undefined) return
    this.#pendingChecks.delete(toHex(hash))
    this.give({ kind: 'verdict', block: hash, verdict })
  }

  #setWake(atMs: number | undefined): void {
    const wake = ++this.#wake
    if (atMs === undefined) return
    this.#later(Math.max(0, atMs - this.#around.queue.nowMs), () => {
      if (wake === this.#wake) this.give({ kind: 'timer' })
    })
  }

  /** Executes durable blocks one after the other, each in its time. */
  #execute(): void {
    if (this.#executing || !this.isUp || this.application.executedHeight >= this.application.storedHeight) return
    this.#executing = true
    this.#later(this.#around.random.between(1, 12), () => {
      this.#executing = false
      const roots = this.application.executeNext()
      if (roots === undefined) return
      this.#around.executed(roots)
      this.give({ kind: 'executed', roots })
      this.#execute()
    })
  }
}

/** What was waiting is handled before time that ran out meanwhile. */
function timersLast(events: readonly InputEvent[]): InputEvent[] {
  const isTimer = (event: InputEvent): boolean => event.kind === 'timer'
  return [...events.filter((event) => !isTimer(event)), ...events.filter(isTimer)]
}
