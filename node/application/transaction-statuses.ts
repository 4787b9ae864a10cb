import { toHex } from '@tallystick/core/codec'
import type { ResultCode, TransactionId } from '@tallystick/core/protocol'

/** Ids that are remembered; older executed ones are asked of the executor's store. */
const rememberedMax = 200_000

export type KnownStatus =
  | { readonly status: 'received'; readonly validUntilMs: number }
  | { readonly status: 'final'; readonly height: number }
  | { readonly status: 'executed'; readonly height: number; readonly index: number; readonly result: ResultCode }

/** What became of recent transactions, in the order in which they last moved. */
export class TransactionStatuses {
  readonly #known = new Map<string, KnownStatus>()
  /** The end of validity of what this node took and has not seen executed. */
  readonly #open = new Map<string, number>()

  get(id: TransactionId): KnownStatus | undefined {
    return this.#known.get(toHex(id))
  }

  /** Does not set back what is already final. */
  received(id: TransactionId, validUntilMs: number): void {
    const hex = toHex(id)
    if (this.#known.has(hex)) return
    this.#open.set(hex, validUntilMs)
    this.#set(hex, { status: 'received', validUntilMs })
  }

  final(id: TransactionId, height: number): void {
    const hex = toHex(id)
    if (this.#known.get(hex)?.status !== 'executed') this.#set(hex, { status: 'final', height })
  }

  executed(id: TransactionId, height: number, index: number, result: ResultCode): void {
    const hex = toHex(id)
    this.#open.delete(hex)
    this.#set(hex, { status: 'executed', height, index, result })
  }

  /** A copy was ordered but passed over: it counts as never ordered, another copy may still come. */
  passedOver(id: TransactionId): void {
    const hex = toHex(id)
    if (this.#known.get(hex)?.status !== 'final') return
    const validUntilMs = this.#open.get(hex)
    if (validUntilMs === undefined) this.#known.delete(hex)
    else this.#set(hex, { status: 'received', validUntilMs })
  }

  /**
   * Whether something that was received has run out of time while no final block's time shows it yet. A block has to come
   * then, so that "it did not happen" can be proven.
   */
  hasUnprovenExpiry(nowMs: number, finalTimeMs: number): boolean {
    for (const [hex, validUntilMs] of this.#open) {
      if (validUntilMs <= finalTimeMs) this.#open.delete(hex)
      else if (validUntilMs <= nowMs) return true
    }
    return false
  }

  #set(hex: string, status: KnownStatus): void {
    this.#known.delete(hex)
    this.#known.set(hex, status)
    if (this.#known.size > rememberedMax) this.#known.delete(this.#known.keys().next().value!)
  }
}
