import { permission } from '../../protocol/index.ts'
import { byAccount } from '../authority.ts'
import { isExpired, releaseHold } from '../holds.ts'
import { type ActionRule, done, refused } from './rule.ts'

/**
 * Ends a hold without paying, also where an account or the asset is frozen: nothing moves. By the hold's controller or the
 * account that it would credit.
 */
export const voidHold: ActionRule<'void'> = {
  requires: (source, action) => {
    const hold = source.hold(action.hold)
    if (hold === undefined) return 'HOLD_UNKNOWN'
    return [[byAccount(hold.controller, permission.spend), byAccount(hold.credit, permission.spend)]]
  },

  execute: (scope, { hold: id }) => {
    const hold = scope.state.hold(id)
    if (hold === undefined) return refused('HOLD_UNKNOWN')
    // An expired hold ends by its derived transaction alone, so that its end has one receipt that can be found.
    if (isExpired(hold, scope.block.timeMs)) return refused('HOLD_EXPIRED')
    releaseHold(scope, id, hold)
    return done
  },
}
