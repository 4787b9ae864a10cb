import { equalBytes } from '../codec/index.ts'
import {
  blindingSalt,
  isDone,
  type ReceiptItem,
  type ResultCode,
  receiptBlind,
  requiredLimits,
  type TransactionBody,
  type TransactionLimits,
} from '../protocol/index.ts'
import type { WrittenEntry, WrittenEvent } from './action-scope.ts'
import type { Admission } from './admit.ts'
import { assertHolds } from './assertion.ts'
import type { ExecutedReceipt, OrderedTransaction } from './block-result.ts'
import type { BlockScope } from './block-scope.ts'
import { executeGroup, type GroupResult, refusedItems } from './execute-group.ts'
import { buildReceipt } from './receipt-builder.ts'
import { recentIdsKey } from './windows.ts'

const nothing: TransactionLimits = { steps: 0, writtenBytes: 0 }

/** Executes an admitted transaction: whatever comes out, it has a receipt, and its id and ticket are used up. */
export function executeTransaction(
  block: BlockScope,
  { id, transaction }: OrderedTransaction,
  admission: Admission,
  receiptIndex: number,
  ordinal: number,
): ExecutedReceipt {
  const { body } = transaction
  useUp(block, id, body, admission, receiptIndex)
  const { charged, refusal } = charge(block, body, admission)
  const salts = new Map<number, Uint8Array>()
  const saltOf = (action: number): Uint8Array => {
    let salt = salts.get(action)
    if (salt === undefined) {
      salt = blindingSalt(body.nonce, action + 1)
      salts.set(action, salt)
    }
    return salt
  }

  const items: ReceiptItem[] = []
  const entries: WrittenEntry[] = []
  const events: WrittenEvent[] = []
  for (const [group, { netted, actions }] of body.groups.entries()) {
    const plan = {
      netted,
      actions,
      group,
      firstAction: items.length,
      grants: admission.grants,
      placeOf: (action: number) => ({ transaction: id, receiptIndex, action, salt: saltOf(action) }),
    }
    const result: GroupResult =
      refusal === undefined
        ? executeGroup(block, plan)
        : { items: refusedItems(plan, refusal), entries: [], events: [] }
    for (const item of result.items) items.push(item)
    for (const entry of result.entries) entries.push(entry)
    for (const event of result.events) events.push(event)
  }
  return buildReceipt(block, {
    id,
    position: { phase: 'payload', index: receiptIndex },
    result: refusal ?? overallResult(items, body.groups.length),
    charged,
    items: items.map((item) => ({ item, blind: receiptBlind(saltOf(item.action), 0) })),
    entries,
    events,
    cause: undefined,
    transaction,
    ordinal,
  })
}

/** The id, and the ticket if it is a good one, are gone whatever happens next. */
function useUp(
  { state, height }: BlockScope,
  id: OrderedTransaction['id'],
  body: TransactionBody,
  { ticket }: Admission,
  index: number,
): void {
  const salt = blindingSalt(body.nonce, 0)
  const key = recentIdsKey(body.validUntilMs)
  state.addNested<'recent-id'>(key, { kind: 'recent-id', transaction: id }, { height, index }, salt)
  if (body.ticket === undefined || ticket === undefined) return
  state.delete({ kind: 'ticket', ...body.ticket })
  const { member } = state.account(body.ticket.account)!
  const keeper = state.member(member)!
  state.put<'member'>({ kind: 'member', member }, { ...keeper, records: keeper.records - 1 }, salt)
}

/**
 * Charges the declared limits to the payer, or where the payer is wrong to the first authorizer's member, who signed that.
 * @returns why the transaction as a whole is refused, if it is.
 */
function charge(
  { state, quota }: BlockScope,
  body: TransactionBody,
  { grants, ticket }: Admission,
): { charged: TransactionLimits; refusal: ResultCode | undefined } {
  const isPayerRight = grants.payers.some((member) => equalBytes(member, body.payer))
  const accountable = isPayerRight ? body.payer : grants.payers[0]!
  const member = state.member(accountable)
  assertHolds(member !== undefined, () => 'the member of an authorizer does not exist')
  if (!quota.charge(accountable, member, body.limits)) return { charged: nothing, refusal: 'MEMBER_QUOTA_EXCEEDED' }

  const refuse = (refusal: ResultCode | undefined) => ({ charged: body.limits, refusal })
  if (!isPayerRight) return refuse('WRONG_PAYER')
  if (body.ticket !== undefined && ticket === undefined) return refuse('TICKET_INVALID')
  const required = requiredLimits(body)
  const { steps, writtenBytes } = body.limits
  return refuse(steps < required.steps || writtenBytes < required.writtenBytes ? 'LIMITS_TOO_LOW' : undefined)
}

/** What a receipt says of all its groups together. */
export function overallResult(items: readonly ReceiptItem[], groups: number): ResultCode {
  const failed = new Set(items.filter(({ result }) => !isDone(result)).map(({ group }) => group))
  if (failed.size === 0) return items.every(({ result }) => result === 'ALREADY_DONE') ? 'ALREADY_DONE' : 'OK'
  if (failed.size < groups) return 'PARTLY_DONE'
  return items.find(({ result }) => !isDone(result) && result !== 'GROUP_ABORTED')!.result
}
