import { CodecError, decode, equalBytes } from '@tallystick/core/codec'
import { verifySignature } from '@tallystick/core/crypto'
import {
  type LedgerId,
  type Parameters,
  requiredLimits,
  signingMessage,
  type Transaction,
  type TransactionId,
  transaction,
  transactionBytesMax,
  transactionIdOf,
  witnessHashOf,
} from '@tallystick/core/protocol'

/** Why a transaction is refused before it is ordered; all of these are decided from its bytes alone. */
export type AdmissionProblem =
  | 'TX_TOO_LARGE'
  | 'TX_MALFORMED'
  | 'TX_WRONG_LEDGER'
  | 'TX_SIGNATURE_MISSING'
  | 'TX_SIGNATURE_INVALID'
  | 'TX_LIMITS_TOO_LOW'
  | 'TX_LIMITS_TOO_HIGH'

/** What the main thread needs to know of a transaction, so that it never decodes one. */
export interface AdmittedTransaction {
  readonly id: TransactionId
  readonly witnessHash: Uint8Array
  readonly validUntilMs: number
  readonly ticketed: boolean
  readonly steps: number
  readonly writtenBytes: number
  readonly bytes: number
}

export type Admission = AdmittedTransaction | { readonly problem: AdmissionProblem; readonly detail: string }

export interface AdmissionRules {
  readonly ledger: LedgerId
  readonly block: Parameters['block']
}

function decodeTransaction(encoded: Uint8Array): Transaction | string {
  try {
    return decode(transaction, encoded)
  } catch (error) {
    if (error instanceof CodecError) return error.message
    throw error
  }
}

/** Checks the form, the ledger, the declared limits and every signature of one encoded transaction. */
export function admitTransaction(rules: AdmissionRules, encoded: Uint8Array): Admission {
  const refuse = (problem: AdmissionProblem, detail: string): Admission => ({ problem, detail })
  if (encoded.length > transactionBytesMax) {
    return refuse('TX_TOO_LARGE', `${encoded.length} bytes, at most ${transactionBytesMax}`)
  }
  const decoded = decodeTransaction(encoded)
  if (typeof decoded === 'string') return refuse('TX_MALFORMED', decoded)
  const { body, witness } = decoded
  if (!equalBytes(body.ledger, rules.ledger)) {
    return refuse('TX_WRONG_LEDGER', 'the transaction names another ledger')
  }
  const { steps, writtenBytes } = body.limits
  const required = requiredLimits(body)
  if (steps < required.steps || writtenBytes < required.writtenBytes) {
    const wanted = `${required.steps} steps and ${required.writtenBytes} bytes`
    return refuse('TX_LIMITS_TOO_LOW', `it declares ${steps} steps and ${writtenBytes} bytes, but needs ${wanted}`)
  }
  if (steps > rules.block.stepsMax || writtenBytes > rules.block.writtenBytesMax) {
    return refuse('TX_LIMITS_TOO_HIGH', 'no block has room for the declared limits')
  }
  if (witness.length === 0) return refuse('TX_SIGNATURE_MISSING', 'the witness is empty')
  const id = transactionIdOf(body)
  const message = signingMessage(rules.ledger, id)
  for (const [i, { scheme, publicKey, signature }] of witness.entries()) {
    if (!verifySignature(scheme, publicKey, message, signature)) {
      return refuse('TX_SIGNATURE_INVALID', `signature ${i} of the witness is wrong`)
    }
  }
  return {
    id,
    witnessHash: witnessHashOf(witness),
    validUntilMs: body.validUntilMs,
    ticketed: body.ticket !== undefined,
    steps,
    writtenBytes,
    bytes: encoded.length,
  }
}
