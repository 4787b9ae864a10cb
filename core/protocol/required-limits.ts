import type { Action, ActionKind, ActionOf } from './actions.ts'
import { fuelPerStep, manifestBytesMax } from './limits.ts'
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

/** Beside the fuel: checking the input, finding the contract, restoring its image. */
const stepsPerCall = 100
const stepsPerDeployment = 20_000

function stepsOf(action: Action): number {
  switch (action.kind) {
    case 'create-tickets':
      return stepsOtherwise + action.count * stepsPerTicket
    case 'contract-call':
      return stepsPerCall + stepsOfFuel(action.fuel)
    case 'contract-deploy':
      return stepsPerDeployment + stepsOfFuel(action.fuel) + action.prepaidSteps
    case 'contract-upgrade':
      return stepsPerDeployment + stepsOfFuel(action.fuel)
    case 'contract-fund':
      return stepsOtherwise + action.steps
    default:
      return steps[action.kind] ?? stepsOtherwise
  }
}

/** Steps that a call by a trigger is charged for. */
export function stepsOfTrigger(fuel: number): number {
  return stepsPerCall + stepsOfFuel(fuel)
}

function stepsOfFuel(fuel: number): number {
  return Math.ceil(fuel / fuelPerStep)
}

function writtenBytesOf(action: Action): number {
  const base = writtenBytes[action.kind] ?? writtenBytesOtherwise
  if (action.kind === 'create-tickets') return base + action.count * writtenBytesPerTicket
  if (action.kind === 'contract-call') return base + action.writtenBytes
  if (action.kind === 'contract-deploy' || action.kind === 'contract-upgrade') return base + bytesOfCode(action)
  return 'policy' in action ? base + action.policy.keys.length * writtenBytesPerPolicyKey : base
}

/** The code, its manifest, subscriptions and first bookings. */
function bytesOfCode({ script, sourceMap, source }: ActionOf<'contract-deploy' | 'contract-upgrade'>): number {
  return 3 * (script.length + sourceMap.length + source.length) + 2 * manifestBytesMax
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
