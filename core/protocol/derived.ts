import { bytes32, encode, enumeration, type Infer, struct, u32 } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import type { TransactionId } from './ids.ts'

/** What the ledger does by itself; kinds that come later have their numbers now. */
export const derivedKind = enumeration({
  'hold-expiry': 1,
  schedule: 2,
  subscription: 3,
  'epoch-step': 4,
  arrival: 5,
  migration: 6,
})
export type DerivedKind = Infer<typeof derivedKind>

const preimage = struct({ cause: bytes32, kind: derivedKind, n: u32 })

/**
 * The id of a transaction that the ledger derives. @param cause - What it comes from, such as a hold's id.
 * @param n - Counts the transactions of one cause and kind.
 */
export function derivedIdOf(cause: Hash, kind: DerivedKind, n: number): TransactionId {
  return taggedHash('tallystick/derived', encode(preimage, { cause, kind, n })) as TransactionId
}
