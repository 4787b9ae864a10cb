import { permission } from '../../protocol/index.ts'
import { byMember, bySupervisor } from '../authority.ts'
import { adjustPosition } from './adjust-position.ts'
import type { ActionRule } from './rule.ts'

/**
 * Sets the frozen part of an account's balance of the asset; it may be more than is there, and then catches what comes in.
 * By the account's member, the asset's issuer, or a supervisor.
 */
export const freezeAmount: ActionRule<'freeze-amount'> = {
  requires: (source, action) => {
    const account = source.account(action.account)
    if (account === undefined) return 'ACCOUNT_UNKNOWN'
    const asset = source.asset(action.asset)
    if (asset === undefined) return 'ASSET_UNKNOWN'
    const { supervise } = permission
    return [[byMember(account.member, supervise), byMember(asset.issuer, supervise), bySupervisor]]
  },

  execute: (scope, { account, asset, amount }) => adjustPosition(scope, account, asset, { frozen: amount }),
}
