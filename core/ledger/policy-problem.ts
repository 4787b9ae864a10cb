import { isAcceptablePublicKey } from '../crypto/index.ts'
import { type Policy, permissionsAll, type ResultCode } from '../protocol/index.ts'

/** Why the ledger does not take a policy on; its form alone says less. */
export function policyProblem(policy: Policy): ResultCode | undefined {
  if (policy.limits.length > 0 || policy.recovery !== undefined) return 'POLICY_NOT_SUPPORTED'
  // Only contracts have policies that nobody satisfies.
  if (policy.keys.length === 0) return 'POLICY_NOT_SUPPORTED'
  // Permissions of later versions would come alive one day without anybody's decision.
  if (policy.keys.some(({ permissions }) => permissions > permissionsAll)) return 'POLICY_NOT_SUPPORTED'
  const acceptable = policy.keys.every(({ scheme, publicKey }) => isAcceptablePublicKey(scheme, publicKey))
  return acceptable ? undefined : 'KEY_NOT_ACCEPTABLE'
}
