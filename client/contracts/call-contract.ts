import { encode, toHex } from '@tallystick/core/codec'
import { type Authorizer, authorizer, type TransactionBody } from '@tallystick/core/protocol'
import { buildTransaction, oneGroup, type TransactionPlan } from '../transaction/build.ts'
import { type ContractCall, contractCall } from './contract-actions.ts'

/** A call with what its transaction needs besides. */
export type ContractCallPlan = ContractCall & Omit<TransactionPlan, 'groups' | 'authorizers'>

/**
 * The transaction of one call. Its authorizers are those who call, and the accounts whose funds the contract may take.
 * @throws {ClientError} CLIENT_TRANSACTION_INVALID naming the field that is outside the protocol's limits.
 */
export function callContract(plan: ContractCallPlan): TransactionBody {
  const { contract, action, input, callers, funds, fuel, writtenBytes, ...terms } = plan
  const call = contractCall({
    contract,
    action,
    input,
    ...(callers && { callers }),
    ...(funds && { funds }),
    ...(fuel !== undefined && { fuel }),
    ...(writtenBytes !== undefined && { writtenBytes }),
  })
  return buildTransaction({ ...terms, groups: oneGroup([call]), authorizers: callAuthorizers(call) })
}

/** Who has to sign a call: its callers, and the accounts whose funds it may take, each once. */
export function callAuthorizers({ callers = [], funds = [] }: Pick<ContractCall, 'callers' | 'funds'>): Authorizer[] {
  const spenders = funds.map(({ account }): Authorizer => ({ kind: 'account', account }))
  const all = [...callers, ...spenders].map((one) => [toHex(encode(authorizer, one)), one] as const)
  return [...new Map(all).values()]
}
