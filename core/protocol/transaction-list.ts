import { CodecError, Reader } from '../codec/index.ts'
import { batchTransactionsMax } from './limits.ts'
import { type PlainTransfers, readPlainTransfers } from './plain-transfers.ts'
import { type Transaction, transaction } from './transaction.ts'

/** A transaction that is not of the plain form, with where its encoding stands. */
export interface DecodedTransaction {
  readonly transaction: Transaction
  readonly start: number
  readonly end: number
}

export type ListedTransaction = PlainTransfers | DecodedTransaction

export function isPlain(item: ListedTransaction): item is PlainTransfers {
  return 'transfers' in item
}

export interface TransactionList {
  readonly items: ListedTransaction[]
  /** Where the list ends; the caller decides whether anything may follow. */
  readonly end: number
}

/**
 * Reads an encoded list of transactions, as batches and submissions carry it, from its number (u32) at `at`. Takes exactly
 * what the codec of such a list takes.
 * @throws {CodecError}
 */
export function readTransactionList(bytes: Uint8Array, at: number): TransactionList {
  const count = new Reader(bytes.subarray(at)).u32()
  if (count > batchTransactionsMax) {
    throw new CodecError('CODEC_LIMIT', '', `${count} items, at most ${batchTransactionsMax}`)
  }
  const items: ListedTransaction[] = []
  let end = at + 4
  while (items.length < count) {
    const item = readPlainTransfers(bytes, end) ?? decodeAt(bytes, end, items.length)
    items.push(item)
    end = item.end
  }
  return { items, end }
}

function decodeAt(bytes: Uint8Array, start: number, index: number): DecodedTransaction {
  const reader = new Reader(bytes.subarray(start))
  try {
    return { transaction: transaction.read(reader), start, end: start + reader.offset }
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    const detail = error.message.slice(error.message.indexOf(': ') + 2)
    throw new CodecError(error.code, `[${index}].${error.path}`, detail)
  }
}
