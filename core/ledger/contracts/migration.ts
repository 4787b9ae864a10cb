import { decode } from '../../codec/index.ts'
import {
  type CodeHash,
  type ContractBooking,
  type ContractId,
  type ContractRecord,
  rowKeyHashOf,
  stateKey,
  storageIdOf,
} from '../../protocol/index.ts'
import type { ActionScope } from '../action-scope.ts'
import { assertHolds } from '../assertion.ts'
import type { BlockScope } from '../block-scope.ts'
import { latin1, textBytes } from '../state/state-key-text.ts'
import { type BookingKey, bookAgain } from './bookings.ts'
import { subscribe, unsubscribe } from './subscriptions.ts'

/** Rows of a generation that is over, removed in one block that has something to do; the rest follow in the next. */
const rowsDroppedPerBlockMax = 500

/** Books the next step of a migration, or ends it. @param output - Of the step: where to go on, as JSON; absent or null when it is over. */
export function migrationStep(
  scope: ActionScope,
  key: BookingKey,
  booking: ContractBooking,
  output: string | undefined,
): void {
  // The cursor is for the next step alone, no event.
  scope.events.length = scope.events.findLastIndex(({ topic }) => topic !== 'returned') + 1
  if (output === undefined || output === 'null') {
    endMigration(scope, key.contract, 'done')
    return
  }
  const next = { ...booking, input: output, dueMs: scope.block.timeMs, attempts: 0 }
  if (bookAgain(scope, key, next) !== undefined) endMigration(scope, key.contract, 'given-up')
}

/** Puts the new code and its rows in the place of the old ones, or gives the new rows up. */
export function endMigration(scope: ActionScope, contract: ContractId, end: 'done' | 'given-up'): void {
  const key = { kind: 'contract', contract } as const
  const record = scope.state.get<'contract'>(key)!
  const { generation, nextCode, code } = record
  const isDone = end === 'done' && replaceListeners(scope, contract, record, nextCode!)
  scope.put<'contract'>(key, {
    ...record,
    status: 'active',
    code: isDone ? nextCode! : code,
    nextCode: undefined,
    generation: isDone ? generation + 1 : generation,
    dropping: isDone ? generation : generation + 1,
  })
  scope.emit({ source: contract, topic: isDone ? 'upgraded' : 'upgrade-given-up', data: '{}' })
}

/** @returns false, with the listeners as they were, if there is no room for the new ones. */
export function replaceListeners(
  scope: ActionScope,
  contract: ContractId,
  { account, code }: ContractRecord,
  nextCode: CodeHash,
): boolean {
  const mark = scope.state.mark()
  unsubscribe(scope, contract, account, scope.block.programs.manifestOf(code))
  if (subscribe(scope, contract, account, scope.block.programs.manifestOf(nextCode))) return true
  scope.state.rollback(mark)
  return false
}

/** Removes rows of generations that are over, beside other work. */
export function dropOldRows(block: BlockScope): void {
  const { state, expiries } = block
  let left = rowsDroppedPerBlockMax
  for (const text of expiries.dropping) {
    const key = decode(stateKey, textBytes(text))
    assertHolds(key.kind === 'contract', () => 'what is dropped belongs to no contract')
    const record = state.get<'contract'>(key)!
    const storage = storageIdOf(key.contract, record.dropping!)
    const rows: string[] = []
    for (const row of state.rows.range(latin1(storage), {})) {
      if (rows.length === left) break
      rows.push(row)
    }
    for (const row of rows) state.delete({ kind: 'contract-row', storage, key: rowKeyHashOf(row) })
    const keeper = { kind: 'member', member: record.member } as const
    const member = state.member(record.member)!
    if (rows.length > 0)
      state.put<'member'>(keeper, { ...member, records: member.records - rows.length }, state.blindOf(keeper))
    left -= rows.length
    if (left === 0) return
    state.put<'contract'>(key, { ...record, dropping: undefined }, state.blindOf(key))
  }
}
