import { equalBytes } from '../../codec/index.ts'
import { assetDecimalsMax, assetIdOf, permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Registers an asset of its issuer. By the issuer, which must have the role. */
export const createAsset: ActionRule<'create-asset'> = {
  requires: (source, { issuer }) =>
    source.member(issuer) === undefined ? 'MEMBER_UNKNOWN' : [[byMember(issuer, permission.register)]],

  execute: (scope, { issuer, code, name, assetKind, decimals, issuanceAccount, supplyMax }) => {
    const { state } = scope
    if (!state.member(issuer)?.roles.includes('issuer')) return refused('MEMBER_ROLE_MISSING')
    if (assetKind !== 'fungible') return refused('ASSET_KIND_NOT_SUPPORTED')
    const account = state.account(issuanceAccount)
    const isIssuersOwn =
      account?.accountKind === 'issuance' && account.status !== 'closed' && equalBytes(account.member, issuer)
    if (code === '' || decimals > assetDecimalsMax || !isIssuersOwn) return refused('ASSET_INVALID')
    const asset = assetIdOf(issuer, code)
    if (state.asset(asset) !== undefined) return refused('ASSET_EXISTS')
    const record = { issuer, code, name, assetKind, decimals, issuanceAccount, supplyMax, status: 'active' } as const
    scope.create<'asset'>({ kind: 'asset', asset }, record, issuer)
    return done
  },
}
