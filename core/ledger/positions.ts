import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type Entry,
  entryLeaf,
  nextEntryLink,
  type PositionRecord,
  type PositionTotals,
  type ResultCode,
  receiptBlind,
} from '../protocol/index.ts'
import type { ActionScope } from './action-scope.ts'
import { assertHolds } from './assertion.ts'
import { availableOf } from './floors.ts'

const u128Max = (1n << 128n) - 1n
const noLink = new Uint8Array(32)

export interface Movement {
  readonly debit: AccountId
  readonly credit: AccountId
  readonly asset: AssetId
  readonly kind: Entry['kind']
  readonly amount: bigint
}

/**
 * One movement: debits a position and credits another by the same amount, or reserves it on both, or releases it on both.
 * Makes positions that are not there yet. Sums per asset stay equal, since nothing else writes totals.
 * @returns a code if a total would not fit; the caller then rolls the group back.
 */
export function move(scope: ActionScope, movement: Movement): ResultCode | undefined {
  return changeSide(scope, movement, 'debit') ?? changeSide(scope, movement, 'credit')
}

export function emptyPosition(account: AccountRecord): PositionRecord {
  return {
    debitsPosted: 0n,
    debitsPending: 0n,
    creditsPosted: 0n,
    creditsPending: 0n,
    normalSide: account.accountKind === 'issuance' ? 'debit' : 'credit',
    creditLine: 0n,
    frozen: 0n,
    entries: 0n,
    entriesLink: noLink,
  }
}

/** Whether the position holds anything: a balance, or something pending. Such a position keeps its account open. */
export function isOpenPosition(totals: PositionTotals): boolean {
  const { debitsPosted, debitsPending, creditsPosted, creditsPending } = totals
  return debitsPosted !== creditsPosted || debitsPending !== 0n || creditsPending !== 0n
}

function changeSide(scope: ActionScope, movement: Movement, side: Entry['side']): ResultCode | undefined {
  const { asset, kind, amount } = movement
  const account = side === 'debit' ? movement.debit : movement.credit
  const record = scope.state.account(account)
  assertHolds(record !== undefined, () => 'a movement on an account that does not exist')
  const key = { kind: 'position', account, asset } as const
  const before = scope.state.position(account, asset)
  const position = before ?? emptyPosition(record)
  const after = changedTotals(position, side, kind, amount)
  if (after === undefined) return 'AMOUNT_OVERFLOW'

  const written = writeEntry(scope, position, { account, asset, kind, side, amount, after })
  const { action } = scope.place
  scope.floors.note({ account, asset, before: availableOf(position), after: availableOf(written), action })
  if (before === undefined) scope.create<'position'>(key, written, record.member)
  else scope.put<'position'>(key, written)
  if (side === 'credit' && kind === 'posted' && record.accountKind === 'contract') {
    scope.credits.push({ account, asset, amount, debit: movement.debit })
  }
  countOpenPositions(scope, account, Number(isOpenPosition(after)) - Number(isOpenPosition(position)))
  return undefined
}

function changedTotals(
  position: PositionRecord,
  side: Entry['side'],
  kind: Entry['kind'],
  amount: bigint,
): PositionTotals | undefined {
  const { debitsPosted, debitsPending, creditsPosted, creditsPending } = position
  const totals = { debitsPosted, debitsPending, creditsPosted, creditsPending }
  const field = `${side}s${kind === 'posted' ? 'Posted' : 'Pending'}` as const
  totals[field] += kind === 'released' ? -amount : amount
  assertHolds(totals[field] >= 0n, () => 'more is released than was pending')
  return totals[field] > u128Max ? undefined : totals
}

function writeEntry(
  scope: ActionScope,
  position: PositionRecord,
  change: Omit<Entry, 'sequence' | 'action'>,
): PositionRecord {
  const { account, asset, after } = change
  const entry: Entry = { ...change, sequence: Number(position.entries), action: scope.place.action }
  const salt = scope.saltFor({ kind: 'position', account, asset })
  const blind = receiptBlind(salt, scope.entries.length + 1)
  const leaf = entryLeaf(entry, blind)
  scope.entries.push({ entry, blind, leaf })
  return {
    ...position,
    ...after,
    entries: position.entries + 1n,
    entriesLink: nextEntryLink(position.entriesLink, leaf),
  }
}

function countOpenPositions(scope: ActionScope, account: AccountId, change: number): void {
  if (change === 0) return
  const record = scope.state.account(account)!
  const openPositions = record.openPositions + change
  scope.put<'account'>({ kind: 'account', account }, { ...record, openPositions })
}
