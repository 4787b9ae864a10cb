import { type Action, type ActionKind, isActiveAction, type ResultCode } from '../../protocol/index.ts'
import type { ActionOutcome, ActionScope } from '../action-scope.ts'
import type { Requirement, RequirementSource } from '../authority.ts'
import { closeAccount } from './close-account.ts'
import { contractCall } from './contract-call.ts'
import { contractDeploy } from './contract-deploy.ts'
import { contractFund } from './contract-fund.ts'
import { contractUpgrade } from './contract-upgrade.ts'
import { createAsset } from './create-asset.ts'
import { createTickets } from './create-tickets.ts'
import { freezeAmount } from './freeze-amount.ts'
import { hold } from './hold.ts'
import { issue } from './issue.ts'
import { openAccount } from './open-account.ts'
import { post } from './post.ts'
import { redeem } from './redeem.ts'
import { type ActionRule, refused } from './rule.ts'
import { setAccountPolicy } from './set-account-policy.ts'
import { setAccountStatus } from './set-account-status.ts'
import { setAssetStatus } from './set-asset-status.ts'
import { setContractStatus } from './set-contract-status.ts'
import { setCreditLine } from './set-credit-line.ts'
import { setMemberPolicy } from './set-member-policy.ts'
import { tick } from './tick.ts'
import { transfer } from './transfer.ts'
import { voidHold } from './void.ts'

/** The kinds of the protocol that have a meaning; `isActiveAction` knows the same ones. */
const rules: { readonly [K in ActionKind]?: ActionRule<K> } = {
  transfer,
  issue,
  redeem,
  hold,
  post,
  void: voidHold,
  'open-account': openAccount,
  'close-account': closeAccount,
  'set-account-status': setAccountStatus,
  'set-account-policy': setAccountPolicy,
  'create-tickets': createTickets,
  'create-asset': createAsset,
  'set-asset-status': setAssetStatus,
  'set-credit-line': setCreditLine,
  'freeze-amount': freezeAmount,
  'set-member-policy': setMemberPolicy,
  tick,
  'contract-call': contractCall,
  'contract-deploy': contractDeploy,
  'contract-upgrade': contractUpgrade,
  'contract-fund': contractFund,
  'set-contract-status': setContractStatus,
}

function ruleOf(action: Action): ActionRule<ActionKind> | undefined {
  return isActiveAction(action.kind) ? (rules[action.kind] as ActionRule<ActionKind> | undefined) : undefined
}

/** Who must stand behind an action, or why that can't be said. */
export function requirementsOf(source: RequirementSource, action: Action): readonly Requirement[] | ResultCode {
  return ruleOf(action)?.requires(source, action) ?? 'ACTION_NOT_ACTIVE'
}

/** Does an action whose requirements are met. */
export function executeAction(scope: ActionScope, action: Action): ActionOutcome {
  return ruleOf(action)?.execute(scope, action) ?? refused('ACTION_NOT_ACTIVE')
}
