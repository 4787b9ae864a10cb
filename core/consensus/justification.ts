import { encode, safeU64, struct } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'

const skipped = struct({ parentView: safeU64, view: safeU64 })

/**
 * What a proposal's justification has to prove, as one hash: that the Proposal of the parent is certified in `parentView`
 * and that every view between is nullified. It commits to these statements, not to the certificates: nodes hold different
 * signatures under the same statement, and each of them proves it, and incriminates, as well (docs/adr/0004-simplex.md).
 * @param parentProposal - Hash of the certified Proposal; the boundary's block hash for view 0.
 */
export function justificationHashOf(parentProposal: Hash, parentView: number, view: number): Hash {
  return taggedHash('tallystick/justification', encode(skipped, { parentView, view }), parentProposal)
}
