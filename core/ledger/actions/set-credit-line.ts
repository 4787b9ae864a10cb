import { permission } from '../../protocol/index.ts'
import { byMember } from '../authority.ts'
import { adjustPosition } from './adjust-position.ts'
import type { ActionRule } from './rule.ts'

/** Sets how far below zero an account's balance of the asset may go. By the asset's issuer. */
export const setCreditLine: ActionRule<'set-credit-line'> = {
  requires: (source, action) => {
    const asset = source.asset(action.asset)
    return asset === undefined ? 'ASSET_UNKNOWN' : [[byMember(asset.issuer, permission.issue)]]
  },

  execute: (scope, { account, asset, creditLine }) => adjustPosition(scope, account, asset, { creditLine }),
}
