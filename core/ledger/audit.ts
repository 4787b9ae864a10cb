import {
  type AccountRecord,
  type ContractBooking,
  type ContractCode,
  type ContractRecord,
  type HoldRecord,
  type PositionRecord,
  type StateKey,
  type StateRecord,
  stepsOfTrigger,
  storageIdOf,
} from '../protocol/index.ts'
import { assertHolds } from './assertion.ts'
import { isMinuteOver } from './contracts/bookings.ts'
import { isOpenPosition } from './positions.ts'
import { assertBalanced } from './state/conservation.ts'
import { latin1 } from './state/state-key-text.ts'
import type { StateStore } from './state/state-store.ts'
import { minuteMs } from './windows.ts'

/**
 * Recomputes from scratch what the ledger keeps up step by step: sums per asset, pending totals against the holds, open
 * positions of accounts, records of members, steps booked in minutes. For tests, replay and operators; walks the whole state.
 * @param timeMs - Of the last block.
 * @throws {LedgerFault} naming the first invariant that does not hold.
 */
export function auditState(state: StateStore, timeMs: number): void {
  assertBalanced(state.table)
  const pending = new Tally<bigint>(0n)
  const openPositions = new Tally<number>(0)
  const records = new Tally<number>(0)
  const minutes = new Tally<number>(0)
  const storages = keepersOfStorages(state)
  for (const { key, record } of state.records()) {
    const keeper = key.kind === 'contract-row' ? storages.get(latin1(key.storage)) : keeperOf(state, key, record)
    assertHolds(key.kind !== 'contract-row' || keeper !== undefined, () => 'a row belongs to no contract')
    if (keeper !== undefined) records.set(latin1(keeper), (n) => n + 1)
    if (key.kind === 'hold') {
      const { debit, credit, asset, amount } = record as HoldRecord
      pending.set(`debit ${latin1(debit)}${latin1(asset)}`, (sum) => sum + amount)
      pending.set(`credit ${latin1(credit)}${latin1(asset)}`, (sum) => sum + amount)
    }
    if (key.kind === 'contract-booking') {
      const { dueMs, fuel } = record as ContractBooking
      minutes.set(String(Math.floor(dueMs / minuteMs)), (steps) => steps + stepsOfTrigger(fuel))
    }
    if (key.kind === 'position' && isOpenPosition(record as PositionRecord)) {
      openPositions.set(latin1(key.account), (n) => n + 1)
    }
  }
  for (const { key, record } of state.records()) {
    if (key.kind === 'position') {
      const { debitsPending, creditsPending } = record as PositionRecord
      const name = `${latin1(key.account)}${latin1(key.asset)}`
      assertHolds(debitsPending === pending.get(`debit ${name}`), () => 'pending debits differ from the holds')
      assertHolds(creditsPending === pending.get(`credit ${name}`), () => 'pending credits differ from the holds')
    }
    if (key.kind === 'account') {
      const { openPositions: counted, status } = record as AccountRecord
      assertHolds(counted === openPositions.get(latin1(key.account)), () => 'open positions are miscounted')
      assertHolds(status !== 'closed' || counted === 0, () => 'a closed account holds something')
    }
    if (key.kind === 'member') {
      const counted = state.member(key.member)!.records
      assertHolds(counted === records.get(latin1(key.member)), () => 'the records of a member are miscounted')
    }
    if (key.kind === 'booked-minute' && !isMinuteOver(key, timeMs)) {
      const { steps } = record as StateRecord<'booked-minute'>
      assertHolds(steps === minutes.get(String(key.minute)), () => 'the steps that a minute has booked are miscounted')
    }
  }
}

/** Whose rows lie in which storage: of the generation that counts, of one that is being made, and of one that is over. */
function keepersOfStorages(state: StateStore): Map<string, Uint8Array> {
  const keepers = new Map<string, Uint8Array>()
  for (const { key, record } of state.records()) {
    if (key.kind !== 'contract') continue
    const { member, generation, status, dropping } = record as ContractRecord
    const generations = [generation, status === 'migrating' ? generation + 1 : undefined, dropping]
    for (const each of generations) {
      if (each !== undefined) keepers.set(latin1(storageIdOf(key.contract, each)), member)
    }
  }
  return keepers
}

/** The member that keeps a record, and whose deposit it would need. */
function keeperOf(state: StateStore, key: StateKey, record: object): Uint8Array | undefined {
  switch (key.kind) {
    case 'account':
      return (record as AccountRecord).member
    case 'position':
    case 'ticket':
      return state.account(key.account)!.member
    case 'contract':
      return (record as ContractRecord).member
    case 'contract-code':
      return (record as ContractCode).member
    case 'contract-booking':
      return state.contract(key.contract)!.member
    case 'asset':
      return state.asset(key.asset)!.issuer
    case 'hold':
      return state.account((record as HoldRecord).debit)!.member
    default:
      return undefined
  }
}

class Tally<V> {
  readonly #values = new Map<string, V>()
  readonly #initial: V

  constructor(initial: V) {
    this.#initial = initial
  }

  get(text: string): V {
    return this.#values.get(text) ?? this.#initial
  }

  set(text: string, change: (value: V) => V): void {
    this.#values.set(text, change(this.get(text)))
  }
}
