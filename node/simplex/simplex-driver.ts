import { CodecError, decode } from '@tallystick/core/codec'
import {
  type Consensus,
  type ConsensusMessage,
  type ConsensusStatus,
  consensusMessage,
  createConsensus,
  decodeJournalRecord,
  type Effect,
  encodeJournalRecord,
  type InputEvent,
  type JournalRecord,
  type Peer,
} from '@tallystick/core/consensus'
import { systemClock } from './clock.ts'
import { EffectRunner } from './effect-runner.ts'
import type { SimplexOptions } from './options.ts'
import type { ClockPort } from './ports.ts'

const journalBytesMaxDefault = 64 * 1_048_576
/** Inputs that wait for a sync; messages beyond are lost, as on a broken connection. */
const waitingInputsMax = 65_536
/** After so long the rest of the inputs waits until whatever else the thread has to do was done: requests, peers' signs of life. */
const turnMsMax = 200

/**
 * Runs the consensus core on real ports. One turn: take the inputs that are here, step through them, append what the steps
 * journal, make it durable with one sync, and only then carry out their effects (spec/consensus.md §7). Inputs that come
 * during the sync wait for the next turn, and so do those that one turn has no time for.
 */
export class SimplexDriver {
  readonly #options: SimplexOptions
  readonly #clock: ClockPort
  readonly #consensus: Consensus
  readonly #effects: EffectRunner
  #inputs: InputEvent[] = []
  /** Taken before those, and not yet stepped through. */
  #leftOver = 0
  #turning: Promise<void> | undefined
  #cancelWake: (() => void) | undefined
  #journalBytes = 0
  readonly #hasJournal: boolean
  #stopped = false
  /** When each validator's own connection last brought a message, on the driver's clock. */
  readonly #heard = new Map<number, number>()

  /** @throws {Error} if the journal holds a record that this build can not read. */
  constructor(options: SimplexOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    const { records, damaged } = options.journal.read()
    this.#hasJournal = records.length > 0 || damaged
    this.#journalBytes = records.reduce((sum, record) => sum + record.length, 0)
    this.#consensus = createConsensus(options.consensus, {
      records: records.map(decodeJournalRecord),
      damaged,
      reservation: options.reservation.read(),
      committed: options.application.committed(),
      executed: options.application.recentExecuted(),
    })
    this.#effects = new EffectRunner(options, {
      input: (event) => this.#take(event),
      wake: (atMs) => this.#wake(atMs),
      status: () => this.#consensus.status(),
    })
  }

  /**
   * Copies what is live of the journal into a new synced segment (after a failed sync the page cache may show what the disk does not
   * hold), then gives the core its first inputs and listens to the ports.
   */
  async start(): Promise<void> {
    const { application, network } = this.#options
    if (this.#hasJournal) await this.#compact()
    this.#take({ kind: 'start' })
    this.#take({ kind: 'work', present: application.hasWork() })
    application.subscribe({
      workChanged: (present) => this.#take({ kind: 'work', present }),
      executed: (roots) => this.#take({ kind: 'executed', roots }),
    })
    network.subscribe({
      connected: (peer) => this.#take({ kind: 'connected', peer }),
      disconnected: (peer) => this.#take({ kind: 'disconnected', peer }),
      message: (from, bytes) => this.#receive(from, bytes),
    })
  }

  status(): ConsensusStatus {
    return this.#consensus.status()
  }

  /** How long ago a validator was last heard, in milliseconds; `undefined` if never. */
  silenceMs(validator: number): number | undefined {
    const lastMs = this.#heard.get(validator)
    return lastMs === undefined ? undefined : this.#clock.nowMs() - lastMs
  }

  /** Takes no more inputs; resolves when the turn in progress and the blocks handed out are done with. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancelWake?.()
    await this.#turning
    await this.#effects.settled()
  }

  #receive(from: Peer, bytes: Uint8Array): void {
    let message: ConsensusMessage
    try {
      message = decode(consensusMessage, bytes)
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
      this.#options.network.disconnect(from.id, 'CONSENSUS_MESSAGE_MALFORMED')
      return
    }
    if (from.validator !== undefined) this.#heard.set(from.validator, this.#clock.nowMs())
    this.#take({ kind: 'message', from, message })
  }

  #take(event: InputEvent): void {
    if (this.#stopped) return
    if (event.kind === 'message' && this.#leftOver + this.#inputs.length >= waitingInputsMax) return
    this.#inputs.push(event)
    // A turn of the event loop later, so that what arrives together shares one sync.
    this.#turning ??= new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#turns())
      .catch((error) => {
        this.#stopped = true
        this.#options.supervisor.fatal(error)
      })
      .finally(() => {
        this.#turning = undefined
      })
  }

  async #turns(): Promise<void> {
    while (this.#inputs.length > 0 && !this.#stopped) {
      const inputs = timersLast(this.#inputs)
      this.#inputs = []
      for (let next = 0; next < inputs.length && !this.#stopped; ) {
        if (next > 0) await new Promise<void>((resolve) => setImmediate(resolve))
        next = await this.#turn(inputs, next)
      }
    }
  }

  /** @returns The index of the first input that it had no time for. */
  async #turn(inputs: readonly InputEvent[], first: number): Promise<number> {
    const endMs = this.#clock.nowMs() + turnMsMax
    const journal: JournalRecord[] = []
    const effects: Effect[] = []
    let next = first
    do {
      const turn = this.#consensus.step({ ...inputs[next++]!, nowMs: this.#clock.nowMs() })
      journal.push(...turn.journal)
      effects.push(...turn.effects)
    } while (next < inputs.length && this.#clock.nowMs() < endMs)
    this.#leftOver = inputs.length - next
    if (journal.length > 0) await this.#journal(journal.map(encodeJournalRecord))
    for (const effect of effects) this.#effects.run(effect)
    return next
  }

  async #journal(records: readonly Uint8Array[]): Promise<void> {
    await this.#options.journal.append(records)
    this.#journalBytes += records.reduce((sum, record) => sum + record.length, 0)
    const { journalBytesMax = journalBytesMaxDefault } = this.#options
    if (this.#journalBytes > journalBytesMax) await this.#compact()
  }

  async #compact(): Promise<void> {
    const live = this.#consensus.live().map(encodeJournalRecord)
    await this.#options.journal.compact(live)
    this.#journalBytes = live.reduce((sum, record) => sum + record.length, 0)
  }

  #wake(atMs: number | undefined): void {
    this.#cancelWake?.()
    this.#cancelWake = undefined
    if (atMs === undefined || this.#stopped) return
    const delayMs = Math.max(0, atMs - this.#clock.nowMs())
    this.#cancelWake = this.#clock.after(delayMs, () => this.#take({ kind: 'timer' }))
  }
}

/** What was waiting, after a pause of the process say, counts before time that ran out meanwhile. */
function timersLast(inputs: readonly InputEvent[]): InputEvent[] {
  const isTimer = ({ kind }: InputEvent): boolean => kind === 'timer'
  return [...inputs.filter((input) => !isTimer(input)), ...inputs.filter(isTimer)]
}
