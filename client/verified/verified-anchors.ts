import { encode, equalBytes } from '@tallystick/core/codec'
import { type Anchor, anchor as anchorForm, type TrustRoot, verifyAnchor } from '@tallystick/core/protocol'

/** Verifies the anchors of one answer's proofs, those that equal the one before in every byte only once. */
export class VerifiedAnchors {
  readonly #trust: TrustRoot
  #last: Uint8Array | undefined

  constructor(trust: TrustRoot) {
    this.#trust = trust
  }

  /** @throws {ProofError} */
  verify(anchor: Anchor): void {
    const encoded = encode(anchorForm, anchor)
    if (this.#last !== undefined && equalBytes(encoded, this.#last)) return
    verifyAnchor(this.#trust, anchor)
    this.#last = encoded
  }
}
