import type { ActionKind, ActionOf, ResultCode } from '../../protocol/index.ts'
import type { ActionOutcome, ActionScope } from '../action-scope.ts'
import type { Requirement, RequirementSource } from '../authority.ts'

/** The rule of one kind of action. */
export interface ActionRule<K extends ActionKind> {
  /** Who must stand behind the action; or the code where what decides that does not exist. */
  requires(source: RequirementSource, action: ActionOf<K>): readonly Requirement[] | ResultCode
  /**
   * Does the action, once its requirements are met. After any code that is not done the caller rolls everything back, so
   * checks may come after writes.
   */
  execute(scope: ActionScope, action: ActionOf<K>): ActionOutcome
}

export const done: ActionOutcome = { result: 'OK' }

export function refused(result: ResultCode): ActionOutcome {
  return { result }
}
