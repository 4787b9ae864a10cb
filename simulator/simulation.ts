import { decode, encode, toHex } from '@tallystick/core/codec'
import { type ConsensusConfig, type ConsensusMessage, consensusMessage, type Effect } from '@tallystick/core/consensus'
import { taggedHash } from '@tallystick/core/crypto'
import {
  blockHashOf,
  type ExecutedRoots,
  type Header,
  type LedgerId,
  type MemberId,
  payloadRootOf,
  type Validator,
} from '@tallystick/core/protocol'
import { genesisRoots } from './application.ts'
import { Adversary, habits, withoutOwnVotes } from './byzantine.ts'
import { EventQueue } from './event-queue.ts'
import { healthyLinks, SimulatedNetwork } from './network.ts'
import { noCrashes, SimulatedNode } from './node.ts'
import { Oracles, OracleViolation } from './oracles.ts'
import { Random } from './random.ts'
import type { Scenario } from './scenario.ts'
import { hashSignatures, realSignatures } from './signatures.ts'
import { Trace } from './trace.ts'
import { Workload } from './workload.ts'

export interface Outcome {
  readonly seed: number
  readonly trace: string
  readonly events: number
  readonly views: number
  readonly height: number
  readonly restarts: number
  readonly accused: readonly number[]
  /** The most final blocks that a node had not stored yet when the next one became final. */
  readonly unstoredMax: number
  readonly simulatedMs: number
}

/** Validators that run twice, and the nodes that see each other before the sides meet; copies stand after the validators. */
export interface ForkNetwork {
  readonly copies: readonly number[]
  readonly sides: readonly [readonly number[], readonly number[]]
}

/** Simulated time after which a healed network that still lacks a block is taken to stand still. */
const healingMsMax = 120_000
const eventsMax = 2_000_000

/** One network of the real engine, with everything around it simulated from one seed. */
export class Simulation {
  readonly scenario: Scenario
  readonly queue = new EventQueue()
  readonly random: Random
  readonly nodes: SimulatedNode[]
  readonly network: SimulatedNetwork
  readonly workload: Workload
  readonly oracles: Oracles
  readonly #trace = new Trace()
  readonly #adversaries = new Map<number, Adversary>()
  readonly #fork: ForkNetwork | undefined
  #events = 0
  #unstoredMax = 0

  constructor(scenario: Scenario, fork?: ForkNetwork) {
    this.scenario = scenario
    this.random = new Random(scenario.seed ^ 0x5eed)
    const configs = configsOf(scenario)
    for (const copied of fork?.copies ?? []) configs.push(configs[copied]!)
    this.#fork = fork
    const count = configs.length
    this.workload = new Workload(count, this.queue, (node) => this.nodes[node]?.workChanged())
    this.oracles = new Oracles(configs[0]!, (node) => scenario.byzantine.includes(node), fork !== undefined)
    this.network = new SimulatedNetwork(this.queue, this.random, (from, to, message) =>
      this.#deliver(from, to, message),
    )
    const around = {
      queue: this.queue,
      random: this.random,
      workload: this.workload,
      genesis: configs[0]!.boundary.header,
      peersOf: (node: number) =>
        this.nodes.filter((other) => other.index !== node && other.isUp).map((other) => other.index),
      validatorAt: (node: number) => configs[node]!.self,
      released: (node: SimulatedNode, effect: Effect) => this.#released(node, effect),
      executed: (roots: ExecutedRoots) => {
        if (fork === undefined) this.oracles.executed(roots)
      },
      crashed: (node: SimulatedNode) => this.#crashed(node),
    }
    this.nodes = configs.map((config, index) => new SimulatedNode(index, config, around))
    for (const node of this.nodes) node.commitBlockMsMax = this.random.pick([10, scenario.commitBlockMsMax])
    for (const index of fork === undefined ? scenario.byzantine : []) {
      const has = habits.filter(() => this.random.oneIn(2))
      this.#adversaries.set(index, new Adversary(configs[index]!, this.random, has))
    }
  }

  get honest(): SimulatedNode[] {
    return this.nodes.filter((node) => !this.#isByzantine(node))
  }

  /** @throws {OracleViolation} if a rule is broken. */
  run(): Outcome {
    for (const node of this.nodes) this.start(node)
    this.network.faults = this.scenario.links
    for (const node of this.nodes) node.crashOdds = this.scenario.crashes
    const disturb = (): void => {
      if (this.queue.nowMs >= this.scenario.faultyMs) return
      this.#disturb()
      this.queue.after(this.random.between(10, 150), disturb)
    }
    disturb()
    this.runUntil(() => this.queue.nowMs >= this.scenario.faultyMs, this.scenario.faultyMs + 1_000)
    this.heal()
    this.#expectProgress()
    return this.#outcome()
  }

  start(node: SimulatedNode): void {
    if (node.isUp) return
    node.start((records) =>
      this.#adversaries.has(node.index)
        ? records.filter(({ kind }) => kind !== 'retired' && kind !== 'conflict')
        : records,
    )
    for (const other of this.nodes) if (other !== node && other.isUp) other.connected(node.index)
  }

  /** Starts the sides of a fork without a link between them. */
  startApart(): void {
    const [left, right] = this.#fork!.sides
    for (const a of left) {
      for (const b of right) {
        this.network.block(a, b)
        this.network.block(b, a)
      }
    }
    for (const node of this.nodes) this.start(node)
  }

  /** A batch that only some nodes ever hold. */
  makeBatchAt(nodes: readonly number[]): void {
    this.workload.make(this.nodes.map(({ index }) => (nodes.includes(index) ? this.random.between(0, 80) : undefined)))
  }

  #isByzantine({ config }: SimulatedNode): boolean {
    return config.self !== undefined && this.scenario.byzantine.includes(config.self)
  }

  /** Runs events until a condition holds, or the time is up. @returns Whether it held. */
  runUntil(holds: () => boolean, untilMs: number): boolean {
    while (!holds()) {
      if (this.queue.nowMs > untilMs || !this.queue.runNext()) return false
      if (++this.#events > eventsMax) throw new OracleViolation(`more than ${eventsMax} events: something spins`)
    }
    return true
  }

  makeBatch(isBad = false): void {
    this.workload.make(
      this.nodes.map(() => this.random.between(0, 80)),
      isBad,
    )
  }

  heal(): void {
    this.network.unblockAll()
    this.network.faults = healthyLinks
    for (const node of this.nodes) {
      node.crashOdds = noCrashes
      node.resume()
      this.start(node)
    }
    for (const a of this.nodes) for (const b of this.nodes) if (a !== b) a.connected(b.index)
  }

  #disturb(): void {
    const { random, scenario } = this
    const node = random.pick(this.nodes)
    const kind = random.below(10)
    if (kind < 4) this.makeBatch(random.oneIn(8))
    else if (kind === 4 && scenario.partitions) this.#partition()
    else if (kind === 5) this.network.unblockAll()
    else if (kind === 6 && scenario.crashes.afterSync > 0) node.crash()
    else if (kind === 7 && scenario.crashes.beforeSync > 0 && random.oneIn(2))
      for (const each of this.nodes) each.crash()
    else if (kind === 9 && scenario.journalLoss !== undefined) this.nodes[scenario.journalLoss]!.loseJournal()
    else if (kind === 8 && scenario.pauses) {
      node.isPaused = true
      this.queue.after(random.between(50, 600), () => node.resume())
    }
  }

  /** A random group cut off, in one direction or in both. */
  #partition(): void {
    const group = new Set(this.nodes.filter(() => this.random.oneIn(2)))
    const isOneWay = this.random.oneIn(3)
    for (const a of this.nodes) {
      for (const b of this.nodes) {
        if (group.has(a) && !group.has(b)) {
          this.network.block(a.index, b.index)
          if (!isOneWay) this.network.block(b.index, a.index)
        }
      }
    }
  }

  #expectProgress(): void {
    for (let i = 0; i < 3; i++) this.makeBatch()
    const isDone = (): boolean =>
      this.honest.every((node) => node.application.hasOrderedAll()) &&
      new Set(this.honest.map((node) => node.application.executedHeight)).size === 1 &&
      this.honest.every((node) => node.application.executedHeight === node.application.storedHeight)
    const settled = this.queue.nowMs + 200
    this.runUntil(() => this.queue.nowMs >= settled, settled + 1)
    if (!this.runUntil(isDone, this.queue.nowMs + healingMsMax)) {
      const states = this.nodes.map((node) => JSON.stringify(node.core?.status()))
      throw new OracleViolation(`no progress within ${healingMsMax} ms after healing:\n${states.join('\n')}`)
    }
    if (this.scenario.byzantine.length === 0) this.#expectRest()
  }

  /** Without work no view passes, and the newest roots of a state-changing block are final. */
  #expectRest(): void {
    this.runUntil(() => false, this.queue.nowMs + 3_000)
    const views = this.honest.map((node) => node.core?.status().view ?? 0)
    this.runUntil(() => false, this.queue.nowMs + 5_000)
    const later = this.honest.map((node) => node.core?.status().view ?? 0)
    if (views.join() !== later.join()) throw new OracleViolation(`views pass without work: ${views} then ${later}`)
    for (const { application, index } of this.honest) {
      const last = application.lastStateHeight()
      if (application.committed().header.executed.height < last) {
        throw new OracleViolation(`node ${index}: no final header carries the roots after height ${last}`)
      }
    }
  }

  #outcome(): Outcome {
    const first = this.honest[0]!
    return {
      seed: this.scenario.seed,
      trace: this.#trace.hash,
      events: this.#events,
      views: Math.max(...this.nodes.map((node) => node.core?.status().view ?? 0)),
      height: first.application.storedHeight,
      restarts: this.nodes.reduce((sum, node) => sum + node.restarts, 0),
      accused: [...this.oracles.accused],
      unstoredMax: this.#unstoredMax,
      simulatedMs: this.queue.nowMs,
    }
  }

  #released(node: SimulatedNode, effect: Effect): void {
    const { index } = node
    const misbehaves = this.#isByzantine(node)
    this.#trace.add(`${this.queue.nowMs} ${index} ${effect.kind}`)
    switch (effect.kind) {
      case 'broadcast':
        if (!misbehaves) this.oracles.sent(index, effect.message)
        for (const peer of this.nodes) if (peer !== node && peer.isUp) this.#transmit(node, peer.index, effect.message)
        return
      case 'send':
        if (!misbehaves) this.oracles.sent(index, effect.message)
        this.#transmit(node, Number(effect.to.slice(1)), effect.message)
        return
      case 'serveFinalized': {
        const range = node.application.finalizedFrom(effect.fromHeight)
        if (range === undefined) return
        const { finalization, blocks } = range
        const headers = blocks.map(({ header }) => header)
        const payloads = blocks.slice(0, this.random.between(0, blocks.length)).map(({ payload }) => payload)
        this.#answer(node, effect.to, { kind: 'finalized', finalization, headers, payloads })
        return
      }
      case 'serveBlock': {
        const block = node.application.blockByHash(effect.hash)
        if (block !== undefined) this.#answer(node, effect.to, { kind: 'block', block })
        return
      }
      case 'commit':
        this.#unstoredMax = Math.max(this.#unstoredMax, node.unstored)
        for (const { header } of effect.commit.blocks) this.#trace.add(toHex(blockHashOf(header)))
        if (!misbehaves) this.oracles.committed(index, effect.commit)
        return
      case 'evidence':
        if (!misbehaves) this.oracles.evidence(effect.evidence)
        return
      case 'halt':
        if (!misbehaves) this.oracles.halted(index, effect.diagnosis)
        else if (this.#fork === undefined) this.queue.after(50, () => this.#restart(node))
        return
      default:
    }
  }

  #restart(node: SimulatedNode): void {
    node.crash()
    this.start(node)
  }

  #answer(node: SimulatedNode, to: string, content: ConsensusMessage['content']): void {
    const { epoch, executedHeight, finalizedHeight } = node.core!.status()
    this.#transmit(node, Number(to.slice(1)), { epoch, executedHeight, finalizedHeight, content })
  }

  #transmit(node: SimulatedNode, to: number, message: ConsensusMessage): void {
    const sent = this.#adversaries.get(node.index)?.distort(message, to) ?? [message]
    for (const each of sent) this.network.send(node.index, to, each)
  }

  #deliver(from: number, to: number, message: ConsensusMessage): void {
    const received = this.scenario.encodes ? decode(consensusMessage, encode(consensusMessage, message)) : message
    this.#trace.add(`${this.queue.nowMs} ${from}>${to} ${message.content.kind}`)
    this.nodes[to]!.receive(from, this.#adversaries.has(to) ? withoutOwnVotes(received, to) : received)
  }

  #crashed(node: SimulatedNode): void {
    for (const other of this.nodes) if (other !== node && other.isUp) other.disconnected(node.index)
    this.queue.after(this.random.between(20, 800), () => this.start(node))
  }
}

/** One configuration per validator and observer. */
export function configsOf(scenario: Scenario): ConsensusConfig[] {
  const scheme = scenario.realSignatures ? realSignatures : hashSignatures
  const seedOf = (index: number): Uint8Array => taggedHash('simulator/key', Uint8Array.of(index))
  const validators: Validator[] = scenario.stakes.map((stake, index) => ({
    member: taggedHash('simulator/member', Uint8Array.of(index)) as MemberId,
    consensusKey: scheme.publicKey(seedOf(index)),
    nodeKey: taggedHash('simulator/node', Uint8Array.of(index)),
    stake,
  }))
  const ledger = taggedHash('simulator/ledger', Uint8Array.of(1)) as LedgerId
  const header: Header = {
    protocolVersion: 1,
    ledger,
    height: 0,
    parent: new Uint8Array(32) as Header['parent'],
    timeMs: 1_000_000,
    payloadRoot: payloadRootOf([]),
    payloadCount: 0,
    executed: { ...genesisRoots, historyRoot: new Uint8Array(32) },
    epoch: 0,
    nextEpoch: undefined,
  }
  const boundary = { header, hash: blockHashOf(header) }
  const count = scenario.stakes.length
  return Array.from({ length: count + scenario.observers }, (_, index) => ({
    ledger,
    epoch: 0,
    validators,
    self: index < count ? index : undefined,
    parameters: scenario.parameters,
    boundary,
    sign: (message) => scheme.sign(message, seedOf(index)),
    verify: scheme.verify,
  }))
}
