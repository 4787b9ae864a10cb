import { decode, encode, fixedBytes, Reader } from '@tallystick/core/codec'
import { HashBatch } from '@tallystick/core/crypto'
import type { BlockItem } from '@tallystick/core/ledger'
import {
  type Block,
  batchHeader,
  block,
  header,
  isPlain,
  type ListedTransaction,
  plainTransferIds,
  readTransactionList,
  type TransactionId,
  transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'

/** Where an item's encoded transaction stands: part 0 is the encoded block, part i + 1 its batch i. */
export interface ItemPlace {
  readonly part: number
  readonly start: number
  readonly end: number
}

/** A block's transactions in their order; plain ones stay bytes. */
export interface BlockItems {
  readonly header: Block['header']
  readonly items: readonly BlockItem[]
  readonly places: readonly ItemPlace[]
}

const signature = fixedBytes(64)
const hashes = new HashBatch()
/** The tag of a payload item; a digest follows it in the item of a batch. */
const tagBytes = 1
const digestBytes = 32

/**
 * @param ids - Those of all transactions, 32 bytes each in payload order, if they are known; they are computed otherwise.
 * @throws {CodecError} if the block or a batch is malformed, which a final block never is.
 */
export function readBlockItems(encoded: Uint8Array, batches: readonly Uint8Array[], ids?: Uint8Array): BlockItems {
  const value = decode(block, encoded)
  const listed: ListedTransaction[] = []
  const parts: number[] = []
  let part = 1
  let at = encode(header, value.header).length + 4
  for (const item of value.payload) {
    at += tagBytes
    if (item.kind === 'batch') {
      at += digestBytes
      for (const found of itemsOfBatch(batches[part - 1]!)) {
        listed.push(found)
        parts.push(part)
      }
      part++
    } else {
      const start = at
      at += encode(transaction, item.transaction).length
      listed.push({ transaction: item.transaction, start, end: at })
      parts.push(0)
    }
  }
  const known = ids ?? idsOf(listed)
  return {
    header: value.header,
    items: listed.map((item, i): BlockItem => {
      const id = known.subarray(32 * i, 32 * i + 32) as TransactionId
      return isPlain(item) ? { id, plain: item } : { id, transaction: item.transaction }
    }),
    places: listed.map(({ start, end }, i) => ({ part: parts[i]!, start, end })),
  }
}

function itemsOfBatch(encoded: Uint8Array): ListedTransaction[] {
  const reader = new Reader(encoded)
  batchHeader.read(reader)
  signature.read(reader)
  return readTransactionList(encoded, reader.offset).items
}

function idsOf(listed: readonly ListedTransaction[]): Uint8Array {
  const ids = new Uint8Array(32 * listed.length)
  const plain = plainTransferIds(hashes, listed.filter(isPlain))
  let next = 0
  for (const [i, item] of listed.entries()) {
    const id = isPlain(item) ? plain.subarray(32 * next, 32 * ++next) : transactionIdOf(item.transaction.body)
    ids.set(id, 32 * i)
  }
  return ids
}
