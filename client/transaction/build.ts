import { CodecError, encode, sortByEncoding } from '@tallystick/core/codec'
import {
  type Action,
  type Authorizer,
  authorizer,
  type Group,
  type LedgerId,
  type MemberId,
  requiredLimits,
  type TransactionBody,
  type TransactionLimits,
  transactionBody,
  transactionBytesMax,
} from '@tallystick/core/protocol'
import { ClientError } from '../errors.ts'
import { randomBytes } from '../random.ts'

export interface TransactionPlan {
  readonly ledger: LedgerId
  /** Each happens whole or not at all, and stands alone; `oneGroup` and `eachAlone` make the usual ones. */
  readonly groups: readonly Group[]
  /** Who stands behind it; put into order here. */
  readonly authorizers: readonly Authorizer[]
  /** The member whose quota it uses. */
  readonly payer: MemberId
  /** Unix milliseconds; at most ten minutes after the block's time, unless there is a ticket. */
  readonly validUntilMs: number
  readonly ticket?: TransactionBody['ticket']
  /** What the actions need, unless given. */
  readonly limits?: TransactionLimits
  /** 16 bytes; random unless given. Whoever reuses one for the same content makes the same transaction again. */
  readonly nonce?: Uint8Array
}

/** @throws {ClientError} CLIENT_TRANSACTION_INVALID naming the field that is outside the protocol's limits. */
export function buildTransaction(plan: TransactionPlan): TransactionBody {
  const groups = [...plan.groups]
  const body: TransactionBody = {
    version: 1,
    ledger: plan.ledger,
    validUntilMs: plan.validUntilMs,
    ticket: plan.ticket,
    payer: plan.payer,
    limits: plan.limits ?? requiredLimits({ groups }),
    authorizers: sortByEncoding(plan.authorizers, authorizer, (value) => value),
    nonce: plan.nonce ?? randomBytes(16),
    groups,
  }
  let size: number
  try {
    size = encode(transactionBody, body).length
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    throw new ClientError('CLIENT_TRANSACTION_INVALID', { detail: error.message, cause: error })
  }
  if (size > transactionBytesMax) {
    throw new ClientError('CLIENT_TRANSACTION_INVALID', { detail: `${size} bytes, at most ${transactionBytesMax}.` })
  }
  return body
}

/** All actions together or none: the usual transaction, delivery versus payment, payment versus payment. */
export function oneGroup(actions: readonly Action[], options: { readonly netted?: boolean } = {}): Group[] {
  return [{ netted: options.netted ?? false, actions: [...actions] }]
}

/** Each action with a result of its own: a packed payroll. */
export function eachAlone(actions: readonly Action[]): Group[] {
  return actions.map((action) => ({ netted: false, actions: [action] }))
}
