import type { Action, ActionKind } from './actions.ts'
import type { TransactionBody, TransactionLimits } from './transaction.ts'

const stepsPerTransfer = 10
const steps: Partial<Record<ActionKind, number>> = {
  transfer: stepsPerTransfer,
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

/** Upper bounds of the bytes that an action adds to state and receipts: two positions, a reference, an item, entries. */
const writtenBytesPerTransfer = 1_536
const writtenBytes: Partial<Record<ActionKind, number>> = {
  transfer: writtenBytesPerTransfer,
  issue: 1_536,
  redeem: 1_536,
  hold: 2_048,
  post: 2_048,
  void: 1_536,
}
const writtenBytesOtherwise = 1_024
const writtenBytesPerTransaction = 512
const writtenBytesPerTicket = 64
/** A policy is the one part of a record whose length the sender chooses. */
const writtenBytesPerPolicyKey = 80

function stepsOf(action: Action): number {
  const base = steps[action.kind] ?? stepsOtherwise
  return action.kind === 'create-tickets' ? base + action.count * stepsPerTicket : base
}

function writtenBytesOf(action: Action): number {
  const base = writtenBytes[action.kind] ?? writtenBytesOtherwise
  if (action.kind === 'create-tickets') return base + action.count * writtenBytesPerTicket
  return 'policy' in action ? base + action.policy.keys.length * writtenBytesPerPolicyKey : base
}

/** What a transaction needs, and should declare: a pure function of its body, so every node computes the same. */
export function requiredLimits(body: Pick<TransactionBody, 'groups'>): TransactionLimits {
  const needed = { steps: stepsPerTransaction, writtenBytes: writtenBytesPerTransaction }
  for (const { actions } of body.groups) {
    for (const action of actions) {
      needed.steps += stepsOf(action)
      needed.writtenBytes += writtenBytesOf(action)
    }
  }
  return needed
}

/** The same for a transaction of so many transfers. */
export function requiredLimitsOfTransfers(count: number): TransactionLimits {
  return {
    steps: stepsPerTransaction + count * stepsPerTransfer,
    writtenBytes: writtenBytesPerTransaction + count * writtenBytesPerTransfer,
  }
}
