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
const tickValidityMs = 60_000

export interface TickerOptions {
  readonly ledger: LedgerId
  readonly self: number
  readonly validator: Validator
  readonly nodeSeed: Uint8Array
  nowMs(): number
  newNonce(): Uint8Array
  dueWork(timeMs: number): Promise<boolean>
  submit(encoded: Uint8Array): Promise<unknown>
}

/** A transaction that moves an idle chain, so that a hold that has expired is swept. */
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

/** Sends ticks while something is due on a chain that does not move by itself. */
export class Ticker {
  readonly #options: TickerOptions
  #timer: NodeJS.Timeout
  #dueSinceMs: number | undefined

  constructor(options: TickerOptions, onFailure: (error: Error) => void) {
    this.#options = options
    this.#timer = setInterval(() => this.#ask().catch(onFailure), askEveryMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #ask(): Promise<void> {
    const now = this.#options.nowMs()
    if (!(await this.#options.dueWork(now))) {
      this.#dueSinceMs = undefined
      return
    }
    this.#dueSinceMs ??= now
    if (now - this.#dueSinceMs < this.#options.self * staggerMs) return
    this.#dueSinceMs = now + 2_000
    await this.#options.submit(makeTick(this.#options))
  }
}
