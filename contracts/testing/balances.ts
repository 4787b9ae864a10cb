import type { LocalLedger } from '@tallystick/contract-kit/testing'

/** What each of some accounts holds, and how much that is together. */
export class Balances {
  readonly #ledger: LocalLedger
  readonly #accounts: readonly string[]
  readonly #asset: string
  #before = new Map<string, bigint>()

  constructor(ledger: LocalLedger, asset: string, accounts: readonly string[]) {
    this.#ledger = ledger
    this.#asset = asset
    this.#accounts = accounts
    this.remember()
  }

  remember(): void {
    this.#before = this.#now()
  }

  total(): bigint {
    return [...this.#now().values()].reduce((sum, balance) => sum + balance, 0n)
  }

  /** Accounts that hold less than when it was last remembered. */
  poorer(): string[] {
    const now = this.#now()
    return this.#accounts.filter((account) => now.get(account)! < this.#before.get(account)!)
  }

  #now(): Map<string, bigint> {
    return new Map(this.#accounts.map((account) => [account, this.#ledger.balance(account, this.#asset)]))
  }
}
