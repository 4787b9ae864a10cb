import type { Action, ReceiptItem, ResultCode } from '../protocol/index.ts'
import { isDone } from '../protocol/index.ts'
import {
  type ActionOutcome,
  type ActionPlace,
  ActionScope,
  type WrittenEntry,
  type WrittenEvent,
} from './action-scope.ts'
import { executeAction, requirementsOf } from './actions/rules.ts'
import type { Grants } from './authorize.ts'
import type { BlockScope } from './block-scope.ts'
import { deliver } from './contracts/subscriptions.ts'
import { FloorWatch } from './floors.ts'

export interface GroupPlan {
  readonly netted: boolean
  readonly actions: readonly Action[]
  readonly group: number
  /** Index of the first action among all of the transaction. */
  readonly firstAction: number
  readonly grants: Grants
  placeOf(action: number): ActionPlace
}

export interface GroupResult {
  readonly items: readonly ReceiptItem[]
  /** By action, then in the order written. */
  readonly entries: readonly WrittenEntry[]
  readonly events: readonly WrittenEvent[]
}

interface Failure {
  readonly action: number
  readonly result: ResultCode
  /** What remains of a failed call of a contract. */
  readonly events: readonly WrittenEvent[]
}

/** Executes a group whole, or leaves the state as it was. */
export function executeGroup(block: BlockScope, plan: GroupPlan): GroupResult {
  const mark = block.state.mark()
  const outcomes: ActionOutcome[] = []
  const entries: WrittenEntry[] = []
  const events: WrittenEvent[] = []
  const failure = runActions(block, plan, outcomes, entries, events)
  if (failure === undefined) {
    return { items: plan.actions.map((_, i) => itemOf(plan, i, outcomes[i]!)), entries, events }
  }
  block.state.rollback(mark)
  const items = plan.actions.map((_, i) => {
    const isCause = plan.firstAction + i === failure.action
    return itemOf(plan, i, { result: isCause ? failure.result : 'GROUP_ABORTED' })
  })
  return { items, entries: [], events: failure.events }
}

function runActions(
  block: BlockScope,
  plan: GroupPlan,
  outcomes: ActionOutcome[],
  entries: WrittenEntry[],
  events: WrittenEvent[],
): Failure | undefined {
  const failAt = (action: number, result: ResultCode): Failure => ({ action, result, events: [] })
  const groupFloors = new FloorWatch()
  for (const [i, action] of plan.actions.entries()) {
    const floors = plan.netted ? groupFloors : new FloorWatch()
    const scope = new ActionScope(block, plan.placeOf(plan.firstAction + i), floors)
    const outcome = authorizeAndExecute(scope, plan.grants, action)
    if (!isDone(outcome.result)) return failureOf(scope, outcome)
    if (!plan.netted) {
      const broken = floors.firstBroken(block.state)
      if (broken !== undefined) return failAt(broken, 'INSUFFICIENT_FUNDS')
    }
    if (scope.events.length > 0 || scope.credits.length > 0) deliver(scope, 0)
    outcomes.push(outcome)
    entries.push(...scope.entries)
    if (scope.events.length > 0) events.push(...scope.writtenEvents)
  }
  const broken = groupFloors.firstBroken(block.state)
  return broken === undefined ? undefined : failAt(broken, 'INSUFFICIENT_FUNDS')
}

function failureOf(scope: ActionScope, { result, told }: ActionOutcome): Failure {
  scope.events.length = 0
  if (told !== undefined) scope.emit(told)
  return { action: scope.place.action, result, events: told === undefined ? [] : scope.writtenEvents }
}

function authorizeAndExecute(scope: ActionScope, grants: Grants, action: Action): ActionOutcome {
  const requirements = requirementsOf(scope.state, action)
  if (typeof requirements === 'string') return { result: requirements }
  if (!requirements.every((requirement) => grants.meets(requirement))) return { result: 'NOT_AUTHORIZED' }
  return executeAction(scope, action)
}

/** The item of the group's i-th action. */
function itemOf(plan: Pick<GroupPlan, 'actions' | 'group' | 'firstAction'>, i: number, outcome: ActionOutcome) {
  const action = plan.actions[i]!
  const item: ReceiptItem = {
    group: plan.group,
    action: plan.firstAction + i,
    result: outcome.result,
    reference: 'reference' in action ? action.reference : undefined,
    original: outcome.original,
  }
  return item
}

/** The items of a group that was not tried, all with the same result. */
export function refusedItems(
  plan: Pick<GroupPlan, 'actions' | 'group' | 'firstAction'>,
  result: ResultCode,
): ReceiptItem[] {
  return plan.actions.map((_, i) => itemOf(plan, i, { result }))
}
