import { CodecError, decode } from '@tallystick/core/codec'
import {
  type ListedTransaction,
  readPlainTransfers,
  readTransactionList,
  transaction,
  transactionBytesMax,
} from '@tallystick/core/protocol'
import type { AdmissionGate, AdmissionRules } from './admission.ts'
import { checkTransactions, type MalformedTransaction } from './check-transactions.ts'
import type { CheckedTransactions } from './checked-transactions.ts'

/** An encoded list is well-formed as a whole, or malformed as a whole. */
export type ListCheck = CheckedTransactions | { readonly malformed: string }

/** Checks an encoded list of transactions, as `POST /v1/transactions/batch` takes it. */
export function checkList(rules: AdmissionRules, gate: AdmissionGate, encoded: Uint8Array): ListCheck {
  try {
    const { items, end } = readTransactionList(encoded, 0)
    if (end !== encoded.length) return { malformed: `value: ${encoded.length - end} bytes after the value` }
    return checkTransactions(rules, encoded, items, { gate })
  } catch (error) {
    if (error instanceof CodecError) return { malformed: error.message }
    throw error
  }
}

/**
 * Checks transactions that were submitted one by one and only stand together for the way to the thread.
 * @param ends - Where each ends in `encoded`.
 */
export function checkSingles(
  rules: AdmissionRules,
  gate: AdmissionGate,
  encoded: Uint8Array,
  ends: Uint32Array,
): CheckedTransactions {
  let start = 0
  const items: (ListedTransaction | MalformedTransaction)[] = []
  for (const end of ends) {
    items.push(singleAt(encoded, start, end))
    start = end
  }
  return checkTransactions(rules, encoded, items, { gate })
}

function singleAt(encoded: Uint8Array, start: number, end: number): ListedTransaction | MalformedTransaction {
  if (end - start > transactionBytesMax) return { malformed: `more than ${transactionBytesMax} bytes`, start, end }
  const plain = readPlainTransfers(encoded, start)
  if (plain?.end === end) return plain
  try {
    return { transaction: decode(transaction, encoded.subarray(start, end)), start, end }
  } catch (error) {
    if (error instanceof CodecError) return { malformed: error.message, start, end }
    throw error
  }
}
