import type { Action, ActionKind } from './actions.ts'
import type { TransactionBody, TransactionLimits } from './transaction.ts'

const steps: Partial<Record<ActionKind, number>> = {
  transfer: 10,
  issue: 10,
  redeem: 10,
  hold: 14,
  post: 14,
  void: 10,
  tick: 1,
}
const stepsOtherwise = 20
const stepsPerTransaction = 50
const stepsPerTicket = 4

/** Upper bounds of the bytes that an action can add to state and receipts. */
const writtenBytesPerAction = 1_024
const writtenBytesPerTransaction = 512

function stepsOf(action: Action): number {
  const base = steps[action.kind] ?? stepsOtherwise
  return action.kind === 'create-tickets' ? base + action.count * stepsPerTicket : base
}

/** What a transaction needs, and should declare: a pure function of its body, so every node computes the same. */
export function requiredLimits(body: Pick<TransactionBody, 'groups'>): TransactionLimits {
  const actions = body.groups.flatMap((group) => group.actions)
  return {
    steps: stepsPerTransaction + actions.reduce((sum, action) => sum + stepsOf(action), 0),
    writtenBytes: writtenBytesPerTransaction + actions.length * writtenBytesPerAction,
  }
}
