import { equalBytes } from '../../codec/index.ts'
import type { AccountId, AccountRecord, AssetRecord, ResultCode } from '../../protocol/index.ts'
import type { StateStore } from '../state/state-store.ts'

/** Why an account can't take part in a movement. */
export function accountProblem(account: AccountRecord | undefined): ResultCode | undefined {
  if (account === undefined) return 'ACCOUNT_UNKNOWN'
  if (account.status === 'closed') return 'ACCOUNT_CLOSED'
  if (account.status === 'frozen') return 'ACCOUNT_FROZEN'
  return undefined
}

/** Why an account can't take part in a movement that is not issuance: issuance accounts move by issue and redeem only. */
export function customerAccountProblem(account: AccountRecord | undefined): ResultCode | undefined {
  if (account?.accountKind === 'issuance') return 'ISSUANCE_ACCOUNT_USED'
  return accountProblem(account)
}

export function assetProblem(asset: AssetRecord | undefined): ResultCode | undefined {
  if (asset === undefined) return 'ASSET_UNKNOWN'
  return asset.status === 'frozen' ? 'ASSET_FROZEN' : undefined
}

/** Why nothing can move, or be held, from one account to another. */
export function movementProblem(
  state: StateStore,
  { debit, credit }: { readonly debit: AccountId; readonly credit: AccountId },
  asset: AssetRecord | undefined,
): ResultCode | undefined {
  if (equalBytes(debit, credit)) return 'SAME_ACCOUNT'
  return (
    assetProblem(asset) ?? customerAccountProblem(state.account(debit)) ?? customerAccountProblem(state.account(credit))
  )
}
