import { permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { move } from '../positions.ts'
import { once } from '../references.ts'
import { accountProblem, assetProblem, customerAccountProblem } from './movable.ts'
import { type ActionRule, refused } from './rule.ts'

/** Brings an amount into circulation: debits the asset's issuance account. By the asset's issuer. */
export const issue: ActionRule<'issue'> = {
  requires: (source, action) => {
    const asset = source.asset(action.asset)
    return asset === undefined ? 'ASSET_UNKNOWN' : [[byMember(asset.issuer, permission.issue)]]
  },

  execute: (scope, { asset: assetId, credit, amount, reference, commitment }) => {
    const { state } = scope
    const asset = state.asset(assetId)
    if (asset === undefined) return refused('ASSET_UNKNOWN')
    const debit = asset.issuanceAccount
    const content = { action: 'issue', asset: assetId, amount, debit, credit, commitment } as const
    return once(scope, reference, asset.issuer, content, () => {
      if (!state.member(asset.issuer)?.roles.includes('issuer')) return 'MEMBER_ROLE_MISSING'
      const problem =
        assetProblem(asset) ?? accountProblem(state.account(debit)) ?? customerAccountProblem(state.account(credit))
      if (problem !== undefined) return problem
      const issuance = state.position(debit, assetId)
      const circulating = issuance === undefined ? 0n : issuance.debitsPosted - issuance.creditsPosted
      if (asset.supplyMax !== undefined && circulating + amount > asset.supplyMax) return 'SUPPLY_EXCEEDED'
      return move(scope, { debit, credit, asset: assetId, amount, kind: 'posted' }) ?? 'OK'
    })
  },
}
