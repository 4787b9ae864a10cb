import { permission } from '../../protocol/index.ts'
import { byAccount, byMember } from '../authority.ts'
import { move } from '../positions.ts'
import { once } from '../references.ts'
import { accountProblem, assetProblem, customerAccountProblem } from './movable.ts'
import { type ActionRule, refused } from './rule.ts'

/** Takes an amount out of circulation: credits the asset's issuance account. By the debited account and the issuer both. */
export const redeem: ActionRule<'redeem'> = {
  requires: (source, action) => {
    const asset = source.asset(action.asset)
    if (asset === undefined) return 'ASSET_UNKNOWN'
    if (source.account(action.debit) === undefined) return 'ACCOUNT_UNKNOWN'
    return [[byAccount(action.debit, permission.spend)], [byMember(asset.issuer, permission.issue)]]
  },

  execute: (scope, { asset: assetId, debit, amount, reference, commitment }) => {
    const { state } = scope
    const asset = state.asset(assetId)
    const owner = state.account(debit)?.member
    if (asset === undefined) return refused('ASSET_UNKNOWN')
    if (owner === undefined) return refused('ACCOUNT_UNKNOWN')
    const credit = asset.issuanceAccount
    const content = { action: 'redeem', asset: assetId, amount, debit, credit, commitment } as const
    return once(scope, reference, owner, content, () => {
      const problem =
        assetProblem(asset) ?? customerAccountProblem(state.account(debit)) ?? accountProblem(state.account(credit))
      return problem ?? move(scope, { debit, credit, asset: assetId, amount, kind: 'posted' }) ?? 'OK'
    })
  },
}
