import { bytes32, encode, enumeration, equalBytes, option, struct, u128 } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import {
  type AccountId,
  type AssetId,
  accountId,
  assetId,
  type MemberId,
  type Reference,
  type ResultCode,
} from '../protocol/index.ts'
import type { ActionOutcome, ActionScope } from './action-scope.ts'
import { isBusinessDayOpen } from './windows.ts'

const referenceContent = struct({
  action: enumeration({ transfer: 1, issue: 2, redeem: 3, hold: 4 }),
  asset: assetId,
  amount: u128,
  debit: accountId,
  credit: accountId,
  commitment: option(bytes32),
})

/** What must be equal for two actions of one reference to be the same payment. */
export interface ReferenceContent {
  readonly action: 'transfer' | 'issue' | 'redeem' | 'hold'
  readonly asset: AssetId
  readonly amount: bigint
  readonly debit: AccountId
  readonly credit: AccountId
  readonly commitment: Hash | undefined
}

function contentHashOf(content: ReferenceContent): Hash {
  return taggedHash('tallystick/reference-content', encode(referenceContent, content))
}

/**
 * Runs an action at most once for ever per reference. The same reference and content again moves nothing and points to the
 * first; other content is refused. Only success uses the reference up.
 * @param owner - The member whose references these are: that of the debited account, for an issue the issuer.
 */
export function once(
  scope: ActionScope,
  reference: Reference | undefined,
  owner: MemberId,
  content: ReferenceContent,
  run: () => ResultCode,
): ActionOutcome {
  if (reference === undefined) return { result: run() }
  const { member, businessDay, key } = reference
  if (!equalBytes(member, owner)) return { result: 'REFERENCE_MEMBER_WRONG' }
  const { timeMs, parameters } = scope.block
  if (!isBusinessDayOpen(businessDay, timeMs, parameters)) return { result: 'REFERENCE_DATE_OUT_OF_WINDOW' }

  const day = { kind: 'references', businessDay } as const
  const nested = { kind: 'reference', member, key } as const
  const contentHash = contentHashOf(content)
  const first = scope.state.getNested<'reference'>(day, nested)
  if (first !== undefined) {
    if (!equalBytes(first.content, contentHash)) return { result: 'REFERENCE_CONFLICT' }
    return { result: 'ALREADY_DONE', original: first.first }
  }
  const result = run()
  if (result === 'OK') {
    // References are written by actions of transactions alone, never by derived ones.
    scope.state.addNested<'reference'>(day, nested, { content: contentHash, first: scope.pointer }, scope.place.salt!)
  }
  return { result }
}
