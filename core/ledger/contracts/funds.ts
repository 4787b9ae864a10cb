import { equalBytes, toHex } from '../../codec/index.ts'
import type { AccountId, AssetId, ContractRecord, Fund } from '../../protocol/index.ts'
import type { StateStore } from '../state/state-store.ts'

/** What a call may still take from accounts that are not its contract's own. */
export class FundsLeft {
  #left: readonly Fund[]

  constructor(funds: readonly Fund[]) {
    this.#left = funds
  }

  /** For taking back what a call did that failed. */
  get snapshot(): readonly Fund[] {
    return this.#left
  }

  restore(snapshot: readonly Fund[]): void {
    this.#left = snapshot
  }

  covers(account: AccountId): boolean {
    return this.#left.some((fund) => equalBytes(fund.account, account))
  }

  /** @returns false, taking nothing, if it is not so much. */
  take(account: AccountId, asset: AssetId, amount: bigint): boolean {
    const at = this.#left.findIndex((fund) => equalBytes(fund.account, account) && equalBytes(fund.asset, asset))
    const fund = this.#left[at]
    if (fund === undefined || fund.amount < amount) return false
    this.#left = this.#left.with(at, { ...fund, amount: fund.amount - amount })
    return true
  }

  give(returned: readonly Fund[]): void {
    for (const { account, asset, amount } of returned) {
      this.#left = this.#left.map((fund) =>
        equalBytes(fund.account, account) && equalBytes(fund.asset, asset)
          ? { ...fund, amount: fund.amount + amount }
          : fund,
      )
    }
  }

  /** As the script is told of it. */
  shown() {
    return this.#left.map(({ account, asset, amount }) => ({
      account: toHex(account),
      asset: toHex(asset),
      amount: String(amount),
    }))
  }
}

/** Whether an account is the contract's own: its first one, or one that it opened below that. */
export function isOwnAccount(state: StateStore, contract: ContractRecord, account: AccountId): boolean {
  if (equalBytes(contract.account, account)) return true
  const record = state.account(account)
  return (
    record?.accountKind === 'contract' && record.parent !== undefined && equalBytes(record.parent, contract.account)
  )
}
