import { authorBytesMax, peerArrivingBytesMax } from './limits.ts'
import type { DataNetworkPort } from './ports.ts'

type Reason = 'arriving' | 'unordered'

/**
 * Stops reading a validator's data channel while too much of it waits here: batches that are being checked or made durable, whoever's they
 * are, or its own that are unordered. Reading goes on at half of the limit. What it sends meanwhile waits in its own memory.
 */
export class PeerFlow {
  readonly #network: Pick<DataNetworkPort, 'pause' | 'resume'>
  readonly #arrivingBytes = new Map<number, number>()
  readonly #reasons = new Map<number, Set<Reason>>()

  constructor(network: Pick<DataNetworkPort, 'pause' | 'resume'>) {
    this.#network = network
  }

  /** A batch came whose check begins. */
  arrived(peer: number, bytes: number): void {
    const sum = (this.#arrivingBytes.get(peer) ?? 0) + bytes
    this.#arrivingBytes.set(peer, sum)
    this.#judge(peer, 'arriving', sum, peerArrivingBytesMax)
  }

  /** It is durable, or refused. */
  settled(peer: number, bytes: number): void {
    const sum = (this.#arrivingBytes.get(peer) ?? 0) - bytes
    if (sum === 0) this.#arrivingBytes.delete(peer)
    else this.#arrivingBytes.set(peer, sum)
    this.#judge(peer, 'arriving', sum, peerArrivingBytesMax)
  }

  /** @param bytes - Of the unordered batches that this validator made. */
  unordered(peer: number, bytes: number): void {
    this.#judge(peer, 'unordered', bytes, authorBytesMax)
  }

  #judge(peer: number, reason: Reason, bytes: number, bytesMax: number): void {
    const reasons = this.#reasons.get(peer) ?? new Set()
    const wasPaused = reasons.size > 0
    if (bytes > bytesMax) reasons.add(reason)
    else if (bytes <= bytesMax / 2) reasons.delete(reason)
    const isPaused = reasons.size > 0
    if (isPaused) this.#reasons.set(peer, reasons)
    else this.#reasons.delete(peer)
    if (isPaused && !wasPaused) this.#network.pause(peer)
    if (wasPaused && !isPaused) this.#network.resume(peer)
  }
}
