import { encode } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import {
  type LedgerId,
  requiredLimits,
  signingMessage,
  type TransactionBody,
  transaction,
  transactionIdOf,
  type Validator,
} from '@tallystick/core/protocol'

/** How often the ledger is asked whether something is due. */
const askEveryMs = 500
/** Validators wait for each other by their index, so that mostly one of them sends the tick. */
const staggerMs = 400
/** Longer, where a block should come by itself: it may not, as when a batch is held by too few. */
const busyWaitMs = 1_000
/** A tick that led to nothing is followed by another after this. */
const repeatAfterMs = 2_000
const tickValidityMs = 60_000

export interface TickerOptions {
  readonly ledger: LedgerId
  readonly self: number
  readonly validator: Validator
  readonly nodeSeed: Uint8Array
  nowMs(): number
  newNonce(): Uint8Array
  /** Whether a block of that time would change the state by itself: a hold has expired, or a contract is to be called. */
  dueWork(timeMs: number): Promise<boolean>
  /** Whether a block should come by itself. */
  busy(): boolean
  submit(encoded: Uint8Array): Promise<unknown>
}

/** A transaction that moves an idle chain, so that what is due happens. */
export function makeTick({ ledger, validator, nodeSeed, nowMs, newNonce }: TickerOptions): Uint8Array {
  const groups: TransactionBody['groups'] = [{ netted: false, actions: [{ kind: 'tick' }] }]
  const body: TransactionBody = {
    version: 1,
    ledger,
    validUntilMs: nowMs() + tickValidityMs,
    ticket: undefined,
    payer: validator.member,
    limits: requiredLimits({ groups }),
    authorizers: [{ kind: 'validator', nodeKey: validator.nodeKey }],
    nonce: newNonce(),
    groups,
  }
  const signature = signEd25519(signingMessage(ledger, transactionIdOf(body)), nodeSeed)
  return encode(transaction, { body, witness: [{ scheme: 'ed25519', publicKey: validator.nodeKey, signature }] })
}

/**
 * Sends ticks while something is due on a chain that does not move by itself. One block is enough for what is due at its time,
 * so a tick is followed by another at once only where the block left something, such as what an event has called.
 */
export class Ticker {
  readonly #options: TickerOptions
  readonly #onFailure: (error: Error) => void
  readonly #timer: NodeJS.Timeout
  /** Since something is due: when this validator sends a tick, if nobody else did. */
  #sendAtMs: number | undefined
  #asking = false

  constructor(options: TickerOptions, onFailure: (error: Error) => void) {
    this.#options = options
    this.#onFailure = onFailure
    this.#timer = setInterval(() => this.#run(() => this.#ask()), askEveryMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** A block of that time was executed. */
  executed(timeMs: number): void {
    if (this.#options.busy()) return
    this.#run(async () => {
      if (!(await this.#options.dueWork(timeMs))) return
      this.#sendAtMs = undefined
      await this.#ask()
    })
  }

  /** One question at a time, or two of them would send two ticks. */
  #run(ask: () => Promise<void>): void {
    if (this.#asking) return
    this.#asking = true
    ask()
      .catch(this.#onFailure)
      .finally(() => {
        this.#asking = false
      })
  }

  async #ask(): Promise<void> {
    const { self, nowMs, dueWork, busy, submit } = this.#options
    const now = nowMs()
    if (!(await dueWork(now))) {
      this.#sendAtMs = undefined
      return
    }
    this.#sendAtMs ??= now + self * staggerMs + (busy() ? busyWaitMs : 0)
    if (now < this.#sendAtMs) return
    this.#sendAtMs = now + repeatAfterMs + self * staggerMs
    await submit(makeTick(this.#options))
  }
}
