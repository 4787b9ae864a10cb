import { toHex } from '@tallystick/core/codec'

/** Digests that expire within the same time of this length are forgotten together. */
const spanMs = 60_000

/** The digests that final blocks list, kept until they expire: a digest is used once along a path. */
export class OrderedDigests {
  readonly #digests = new Set<string>()
  /** By the number of the span in which they expire, so that a block doesn't look at all of them. */
  readonly #expiring = new Map<number, string[]>()

  has(digestHex: string): boolean {
    return this.#digests.has(digestHex)
  }

  add(digest: Uint8Array, expiresMs: number): void {
    const hex = toHex(digest)
    if (this.#digests.has(hex)) return
    this.#digests.add(hex)
    const span = Math.floor(expiresMs / spanMs)
    const sameSpan = this.#expiring.get(span)
    if (sameSpan === undefined) this.#expiring.set(span, [hex])
    else sameSpan.push(hex)
  }

  /** Forgets what no later block can list any more, a span late at most. */
  dropExpired(finalTimeMs: number): void {
    const current = Math.floor(finalTimeMs / spanMs)
    for (const [span, digests] of this.#expiring) {
      if (span >= current) continue
      for (const hex of digests) this.#digests.delete(hex)
      this.#expiring.delete(span)
    }
  }
}
