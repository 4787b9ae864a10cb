import { encode, toHex } from '@tallystick/core/codec'
import { type BatchDigest, payloadItemsMax } from '@tallystick/core/protocol'
import { digestsPerMessageMax, fetchRetryMs, onItsWayMs } from './limits.ts'
import { type DataMessage, dataMessage } from './messages.ts'

/** Proposals that wait for one batch: the views of earlier ones are over. */
const waitersMax = 16
/** Heights asked for at once. */
const heightsMax = 64
/** A peer that is slow is not asked to send the same ever more often: the pause doubles so many times. */
const retryDoublingsMax = 3

interface Wanted {
  readonly digest: BatchDigest
  height: number | undefined
  readonly done: (() => void)[]
  /** When the next peer is asked, monotonic. */
  askAtMs: number
  asked: number
}

/** Where missing batches can be asked for. */
export interface FetchPeers {
  /** Indexes of the connected validators, without this node. */
  connected(): number[]
  send(validator: number, message: Uint8Array): void
}

/** Asks the peers for missing batches, one peer after another, until each is here. */
export class BatchFetcher {
  readonly #peers: FetchPeers
  readonly #isArriving: (digestHex: string) => boolean
  readonly #wanted = new Map<string, Wanted>()
  /** Those of them that no final block lists, oldest first. */
  readonly #proposed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  /** When the timer fires, monotonic. */
  #timerAtMs = Number.POSITIVE_INFINITY
  #turn = 0

  /** @param isArriving - Whether a copy is here and being checked: then nobody is asked for another. */
  constructor(peers: FetchPeers, isArriving: (digestHex: string) => boolean) {
    this.#peers = peers
    this.#isArriving = isArriving
  }

  get missing(): number {
    return this.#wanted.size
  }

  wants(digestHex: string): boolean {
    return this.#wanted.has(digestHex)
  }

  /** Resolves when the batch was reported by `arrived`; never, where newer proposals have listed too many others since. @param height - The final block that lists it, where known. */
  want(digest: BatchDigest, height?: number): Promise<void> {
    const hex = toHex(digest)
    return new Promise((resolve) => {
      const wanted = this.#wanted.get(hex)
      if (wanted !== undefined) {
        if (height !== undefined && wanted.height === undefined) {
          this.#proposed.delete(hex)
          wanted.height = height
          this.#askWithin(wanted, 0)
        }
        if (wanted.height === undefined && wanted.done.length >= waitersMax) wanted.done.shift()
        wanted.done.push(resolve)
        return
      }
      const made = { digest, height, done: [resolve], askAtMs: 0, asked: 0 }
      this.#wanted.set(hex, made)
      if (height === undefined) this.#noteProposed(hex)
      this.#askWithin(made, height === undefined ? onItsWayMs : 0)
    })
  }

  /** A leader may list what nobody has, view after view: only the newest of what proposals list is looked for. */
  #noteProposed(hex: string): void {
    this.#proposed.add(hex)
    if (this.#proposed.size <= payloadItemsMax) return
    const [oldest] = this.#proposed
    this.#proposed.delete(oldest!)
    this.#wanted.delete(oldest!)
  }

  arrived(digestHex: string): void {
    const wanted = this.#wanted.get(digestHex)
    if (wanted === undefined) return
    this.#wanted.delete(digestHex)
    this.#proposed.delete(digestHex)
    for (const resolve of wanted.done) resolve()
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#wanted.clear()
    this.#proposed.clear()
  }

  /** Each is asked for at its own time: what was asked for just now is not asked for again because another one is wanted too. */
  #askWithin(wanted: Wanted, delayMs: number): void {
    wanted.askAtMs = performance.now() + delayMs
    this.#wakeAt(wanted.askAtMs)
  }

  #wakeAt(atMs: number): void {
    if (this.#timerAtMs <= atMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = atMs
    this.#timer = setTimeout(() => this.#ask(), Math.max(0, atMs - performance.now()))
  }

  #ask(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    const connected = this.#peers.connected()
    const requests = this.#requests()
    if (requests.length > 0 && connected.length > 0) {
      const peer = connected[this.#turn++ % connected.length]!
      for (const message of requests) this.#peers.send(peer, encode(dataMessage, message))
    }
    let nextMs = Number.POSITIVE_INFINITY
    for (const { askAtMs } of this.#wanted.values()) if (askAtMs < nextMs) nextMs = askAtMs
    if (nextMs < Number.POSITIVE_INFINITY) this.#wakeAt(nextMs)
  }

  /** What is due; what finds no room in it is due again when a peer that has not answered is. */
  #requests(): DataMessage[] {
    const byHeight = new Map<number | undefined, BatchDigest[]>()
    const nowMs = performance.now()
    const final = [...this.#wanted.keys()].filter((hex) => !this.#proposed.has(hex))
    for (const hex of [...[...this.#proposed].reverse(), ...final]) {
      const wanted = this.#wanted.get(hex)!
      // A timer may fire a fraction of a millisecond early.
      if (wanted.askAtMs > nowMs + 1) continue
      wanted.askAtMs = nowMs + fetchRetryMs
      if (this.#isArriving(hex)) continue
      const digests = byHeight.get(wanted.height) ?? []
      if (digests.length >= digestsPerMessageMax || (digests.length === 0 && byHeight.size >= heightsMax)) continue
      wanted.askAtMs = nowMs + fetchRetryMs * 2 ** Math.min(wanted.asked++, retryDoublingsMax)
      digests.push(wanted.digest)
      byHeight.set(wanted.height, digests)
    }
    return [...byHeight].map(([height, digests]) => ({ kind: 'want', digests, height }))
  }
}
