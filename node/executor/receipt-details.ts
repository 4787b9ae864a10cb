import { encode } from '@tallystick/core/codec'
import type { BlockItem, ExecutedReceipt, Ledger, TransfersReceipt } from '@tallystick/core/ledger'
import { type AccountId, type AssetId, transaction, transferAt } from '@tallystick/core/protocol'
import type { ItemPlace } from './block-items.ts'
import type { PackedWriter } from './packed-bytes.ts'
import { isIndexed, pointerOf, storedEntryLine, storedWhole } from './results-form.ts'

/**
 * The details of a receipt, packed:
 *
 *     form, distance back to the record's start, the receipt's index,
 *     where its transaction stands in the block (part, offset, length), or the transaction itself, or nothing,
 *     then, by form, what the ledger said of it, and a line for each movement
 *
 * A line begins with its distance back to the details, so a pointer to it leads to everything. For every entry it has the
 * distance from its pointer back to that of the position's entry before, 0 if there is none.
 */
export const form = { whole: 1, transfers: 2, kind: 3, inline: 4, inBlock: 8 } as const

/** What is written of one receipt. */
export interface DetailsPlace {
  /** The place of the record's first byte in the log; the record begins at 0 of the writer. */
  readonly recordAt: number
  readonly index: number
  readonly item: BlockItem | undefined
  /** `undefined` if the block is in no block file: the transaction is then kept with the receipt. */
  readonly place: ItemPlace | undefined
}

/** Where the ledger keeps the newest entry of each position. */
export type EntryLinks = Pick<Ledger, 'positionNumber' | 'lastEntry' | 'setLastEntry'>

/** Told of every entry that the index keeps. */
export type IndexEntry = (account: AccountId, asset: AssetId, sequence: number, pointer: number) => void

function writeHead(writer: PackedWriter, kind: number, { index, item, place }: DetailsPlace): void {
  const start = writer.length
  const where = item === undefined ? 0 : place === undefined ? form.inline : form.inBlock
  writer.byte(kind | where)
  writer.number(start)
  writer.number(index)
  if (item === undefined) return
  if (place === undefined) writer.sized(encodedTransaction(item))
  else {
    writer.number(place.part)
    writer.number(place.start)
    writer.number(place.end - place.start)
  }
}

function encodedTransaction(item: BlockItem): Uint8Array {
  if ('plain' in item) return item.plain.bytes.subarray(item.plain.start, item.plain.end)
  return encode(transaction, item.transaction)
}

/** Links an entry to the position's one before. @returns the distance between them. */
function link(links: EntryLinks, position: number, pointer: number): number {
  const before = links.lastEntry(position)
  links.setLastEntry(position, pointer)
  return before === 0 ? 0 : pointer - before
}

export function writeWholeDetails(
  writer: PackedWriter,
  { receipt, items, entries, events }: ExecutedReceipt,
  place: DetailsPlace,
  links: EntryLinks,
  indexEntry: IndexEntry,
): void {
  const start = writer.length
  writeHead(writer, form.whole, place)
  writer.sized(encode(storedWhole, { receipt, items: [...items], events: [...events], entries: entries.length }))
  for (const line of entries) {
    const { account, asset, sequence } = line.entry
    const pointer = pointerOf(place.recordAt + writer.length, 0)
    writer.number(writer.length - start)
    writer.number(link(links, links.positionNumber(account, asset)!, pointer))
    writer.sized(encode(storedEntryLine, line))
    if (isIndexed(sequence)) indexEntry(account, asset, sequence, pointer)
  }
}

const sides = [0, 1] as const
/** Numbers of `TransfersReceipt.lines` for each side, and for both. */
const sideNumbers = 5
export const lineNumbers = 2 * sideNumbers

export function writeTransfersDetails(
  writer: PackedWriter,
  { results, lines, positions }: TransfersReceipt,
  place: DetailsPlace,
  links: EntryLinks,
  indexEntry: IndexEntry,
): void {
  const { item } = place
  if (item === undefined || !('plain' in item)) throw new TypeError('a receipt of plain transfers without them')
  const { bytes, start: transactionStart, nonceAt, accountAt, transfers } = item.plain
  const start = writer.length
  writeHead(writer, form.transfers, place)
  writer.number(nonceAt - transactionStart)
  writer.number(results.length)
  const allDone = lines.length === lineNumbers * results.length
  writer.byte(allDone ? 1 : 0)
  if (!allDone) writer.set(results)

  for (let action = 0, done = 0; action < results.length; action++) {
    if (results[action] !== 0) continue
    const lineAt = writer.length
    const tagAt = transfers[action]!
    writer.number(lineAt - start)
    writer.number(action)
    writer.number(amountAt(bytes, tagAt + transferAt.amount))
    for (const side of sides) {
      const from = lineNumbers * done + sideNumbers * side
      for (let n = 0; n < sideNumbers; n++) writer.number(lines[from + n]!)
      const pointer = pointerOf(place.recordAt + lineAt, side)
      writer.number(link(links, positions[2 * done + side]!, pointer))
      const sequence = lines[from]!
      if (!isIndexed(sequence)) continue
      const ownerAt = side === 0 ? accountAt : tagAt + transferAt.credit
      const assetAt = tagAt + transferAt.asset
      const account = bytes.subarray(ownerAt, ownerAt + 32) as AccountId
      indexEntry(account, bytes.subarray(assetAt, assetAt + 32) as AssetId, sequence, pointer)
    }
    done++
  }
}

/** Of a transfer that was done in whole numbers below 2^53, as all totals of such a receipt are. */
function amountAt(bytes: Uint8Array, at: number): number {
  let amount = 0
  for (let i = 6; i >= 0; i--) amount = amount * 256 + bytes[at + i]!
  return amount
}
