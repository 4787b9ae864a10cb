import { toHex } from '@tallystick/core/codec'

/** The digests that final blocks list, kept until they expire: a digest is used once along a path. */
export class OrderedDigests {
  readonly #expiries = new Map<string, number>()

  has(digestHex: string): boolean {
    return this.#expiries.has(digestHex)
  }

  add(digest: Uint8Array, expiresMs: number): void {
    this.#expiries.set(toHex(digest), expiresMs)
  }

  /** Forgets what no later block can list any more. */
  dropExpired(finalTimeMs: number): void {
    for (const [hex, expiresMs] of this.#expiries) if (expiresMs <= finalTimeMs) this.#expiries.delete(hex)
  }
}
