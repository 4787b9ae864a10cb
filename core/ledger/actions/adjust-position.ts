import type { AccountId, AssetId, PositionRecord } from '../../protocol/index.ts'
import type { ActionOutcome, ActionScope } from '../action-scope.ts'
import { emptyPosition } from '../positions.ts'
import { done, refused } from './rule.ts'

/** Changes the terms of a position, not its totals; makes it if it is not there yet. A frozen account's may change too. */
export function adjustPosition(
  scope: ActionScope,
  account: AccountId,
  asset: AssetId,
  terms: Partial<Pick<PositionRecord, 'creditLine' | 'frozen'>>,
): ActionOutcome {
  const { state } = scope
  const record = state.account(account)
  if (record === undefined) return refused('ACCOUNT_UNKNOWN')
  if (record.accountKind === 'issuance') return refused('ISSUANCE_ACCOUNT_USED')
  if (record.status === 'closed') return refused('ACCOUNT_CLOSED')
  const key = { kind: 'position', account, asset } as const
  const position = state.position(account, asset)
  if (position === undefined) scope.create<'position'>(key, { ...emptyPosition(record), ...terms }, record.member)
  else scope.put<'position'>(key, { ...position, ...terms })
  return done
}
