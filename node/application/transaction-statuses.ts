import { type ResultCode, resultOfNumber, type TransactionId } from '@tallystick/core/protocol'

/** Executed transactions that are remembered, at least; what is older is asked of the executor's store. */
const rememberedMin = 50_000
/** Received transactions that are followed; the oldest are forgotten first. */
const openMax = 200_000
/** What ran out is followed this much longer, so that whoever asks is told. */
const expiredKeptMs = 60 * 60_000

export type KnownStatus =
  | {
      readonly status: 'received'
      readonly validUntilMs: number
      /** A copy was ordered and passed over: another may have been executed long ago, so the store has to be asked. */
      readonly passedOver: boolean
    }
  | { readonly status: 'final'; readonly height: number }
  | { readonly status: 'executed'; readonly height: number; readonly index: number; readonly result: ResultCode }

interface FinalBlock {
  readonly ids: Uint8Array
  /** Made when somebody asks. */
  places: Set<string> | undefined
}

interface Executed {
  readonly height: number
  readonly results: Uint8Array
  readonly index: number
}

/**
 * What became of recent transactions. Ids come packed, 32 bytes each, and what nobody asks for costs next to nothing: blocks
 * that are final and not executed are looked through only when somebody asks.
 */
export class TransactionStatuses {
  /** What this node took and has not seen executed, with the end of its validity. */
  readonly #open = new Map<string, number>()
  readonly #passedOver = new Set<string>()
  readonly #final = new Map<number, FinalBlock>()
  /** The newer and the older generation. */
  #executed = new Map<string, Executed>()
  #executedBefore = new Map<string, Executed>()

  get(id: TransactionId): KnownStatus | undefined {
    const key = keyOf(id)
    const executed = this.#executed.get(key) ?? this.#executedBefore.get(key)
    if (executed !== undefined) {
      const { height, index, results } = executed
      return { status: 'executed', height, index, result: resultOfNumber(results[index]!) }
    }
    for (const [height, block] of this.#final) if (placesOf(block).has(key)) return { status: 'final', height }
    const validUntilMs = this.#open.get(key)
    if (validUntilMs === undefined) return undefined
    return { status: 'received', validUntilMs, passedOver: this.#passedOver.has(key) }
  }

  received(id: TransactionId, validUntilMs: number): void {
    const key = keyOf(id)
    if (this.#executed.has(key) || this.#executedBefore.has(key)) return
    this.#open.set(key, validUntilMs)
    if (this.#open.size > openMax) this.#forget(this.#open.keys().next().value!)
  }

  /** A block is durable and final. @param ids - Packed. */
  final(height: number, ids: Uint8Array): void {
    this.#final.set(height, { ids, places: undefined })
  }

  /**
   * It is executed.
   * @param ids - Of its receipts, packed. @param results - The number of the result of each.
   * @param skipped - Copies that were passed over: they count as never ordered, and another may still come.
   */
  executed(height: number, ids: Uint8Array, results: Uint8Array, skipped: readonly TransactionId[]): void {
    this.#final.delete(height)
    if (this.#executed.size >= rememberedMin) {
      this.#executedBefore = this.#executed
      this.#executed = new Map()
    }
    for (const [index, key] of keysOf(ids).entries()) {
      this.#executed.set(key, { height, results, index })
      if (this.#open.size > 0) this.#forget(key)
    }
    for (const id of skipped) {
      const key = keyOf(id)
      if (this.#open.has(key)) this.#passedOver.add(key)
    }
  }

  /**
   * Whether something that was received has run out of time while no final block's time shows it yet. A block has to come
   * then, so that "it did not happen" can be proven.
   */
  hasUnprovenExpiry(nowMs: number, finalTimeMs: number): boolean {
    for (const [key, validUntilMs] of this.#open) {
      if (validUntilMs + expiredKeptMs <= finalTimeMs) this.#forget(key)
      else if (validUntilMs <= nowMs && validUntilMs > finalTimeMs) return true
    }
    return false
  }

  #forget(key: string): void {
    this.#open.delete(key)
    this.#passedOver.delete(key)
  }
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, 32).toString('latin1')
}

/** Of ids that stand packed. */
function keysOf(ids: Uint8Array): string[] {
  const buffer = Buffer.from(ids.buffer, ids.byteOffset, ids.length)
  const keys: string[] = []
  for (let at = 0; at < ids.length; at += 32) keys.push(buffer.toString('latin1', at, at + 32))
  return keys
}

function placesOf(block: FinalBlock): Set<string> {
  block.places ??= new Set(keysOf(block.ids))
  return block.places
}
