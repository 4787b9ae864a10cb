import { encode, toHex } from '@tallystick/core/codec'
import { type BatchDigest, payloadItemsMax } from '@tallystick/core/protocol'
import { digestsPerMessageMax, fetchRetryMs, onItsWayMs } from './limits.ts'
import { type DataMessage, dataMessage } from './messages.ts'

/** Proposals that wait for one batch: the views of earlier ones are over. */
const waitersMax = 16

interface Wanted {
  readonly digest: BatchDigest
  height: number | undefined
  readonly done: (() => void)[]
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
        if (height !== undefined) this.#proposed.delete(hex)
        wanted.height ??= height
        if (wanted.height === undefined && wanted.done.length >= waitersMax) wanted.done.shift()
        wanted.done.push(resolve)
        return
      }
      this.#wanted.set(hex, { digest, height, done: [resolve] })
      if (height === undefined) this.#noteProposed(hex)
      this.#askWithin(height === undefined ? onItsWayMs : 0)
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

  /** A node that is behind wants one block's batches after the other's: none waits for the retry of an earlier one. */
  #askWithin(delayMs: number): void {
    const atMs = performance.now() + delayMs
    if (this.#timerAtMs <= atMs) return
    clearTimeout(this.#timer)
    this.#timerAtMs = atMs
    this.#timer = setTimeout(() => this.#ask(), delayMs)
  }

  #ask(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    if (this.#wanted.size === 0) return
    const connected = this.#peers.connected()
    if (connected.length > 0) {
      const peer = connected[this.#turn++ % connected.length]!
      for (const message of this.#requests()) this.#peers.send(peer, encode(dataMessage, message))
    }
    this.#askWithin(fetchRetryMs)
  }

  #requests(): DataMessage[] {
    const byHeight = new Map<number | undefined, BatchDigest[]>()
    const final = [...this.#wanted.keys()].filter((hex) => !this.#proposed.has(hex))
    for (const hex of [...[...this.#proposed].reverse(), ...final]) {
      const { digest, height } = this.#wanted.get(hex)!
      if (this.#isArriving(hex)) continue
      const digests = byHeight.get(height) ?? []
      if (digests.length < digestsPerMessageMax) digests.push(digest)
      byHeight.set(height, digests)
      if (byHeight.size >= 64) break
    }
    return [...byHeight].map(([height, digests]) => ({ kind: 'want', digests, height }))
  }
}
