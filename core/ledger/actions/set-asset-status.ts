import { permission } from '../../protocol/index.ts'
import { byMember, bySupervisor } from '../authority.ts'
import { type ActionRule, done, refused } from './rule.ts'

/** Freezes an asset everywhere, or releases it. By its issuer, or by a supervisor. */
export const setAssetStatus: ActionRule<'set-asset-status'> = {
  requires: (source, action) => {
    const asset = source.asset(action.asset)
    return asset === undefined ? 'ASSET_UNKNOWN' : [[byMember(asset.issuer, permission.supervise), bySupervisor]]
  },

  execute: (scope, { asset, status }) => {
    const record = scope.state.asset(asset)
    if (record === undefined) return refused('ASSET_UNKNOWN')
    scope.put<'asset'>({ kind: 'asset', asset }, { ...record, status })
    return done
  },
}
