import { type HashBatch, HashPasses, hashKind } from '../../crypto/index.ts'
import { results, transferAt } from '../../protocol/index.ts'
import { copyWords } from '../state/block-changes.ts'
import { writeTotal } from '../state/position-bytes.ts'
import { blindBytes } from '../state/record-table.ts'
import { type LaneTransaction, lineNumbers } from './lane-results.ts'

const kinds = {
  blind: hashKind('tallystick/receipt-blind'),
  item: hashKind('tallystick/receipt-item'),
  entry: hashKind('tallystick/receipt-entry'),
}
/** Lengths of encodings: a salt and an index; an item without reference; an entry. */
const blindMessageBytes = 36
const itemBytes = 12
const entryBytes = 158
const posted = 1
const wordRange = 2 ** 32
const done = results.OK.number
/** What the leaves under a receipt are made of, besides the lines of its entries. */
export type ExecutedTransfers = Pick<LaneTransaction, 'plain' | 'results' | 'saltAt' | 'lines'>

/** For each action the blind of its item, and if it was done those of its two entries. */
export function hashBlinds(
  hashes: HashBatch,
  executed: readonly ExecutedTransfers[],
  salts: Uint32Array,
): Uint8Array<ArrayBuffer> {
  const passes = new HashPasses(
    hashes,
    executed.reduce((sum, of) => sum + of.results.length + of.lines, 0),
  )
  for (const { saltAt, results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      const blinds = numbers[i] === done ? 3 : 1
      for (let index = 0; index < blinds; index++) {
        const at = passes.begin(kinds.blind, blindMessageBytes)
        copyWords(salts, (saltAt + 1 + i) * 8, hashes.words, at >>> 2, 8)
        hashes.words[(at >>> 2) + 8] = index
      }
    }
  }
  return passes.take()
}

/** The items' leaves, one after another. @param blinds - What `hashBlinds` made, as words. */
export function hashItems(
  hashes: HashBatch,
  executed: readonly ExecutedTransfers[],
  blinds: Uint32Array,
): Uint8Array<ArrayBuffer> {
  const passes = new HashPasses(
    hashes,
    executed.reduce((sum, of) => sum + of.results.length, 0),
  )
  let blindAt = 0
  for (const { results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      const at = passes.begin(kinds.item, blindBytes + itemBytes)
      const { words } = hashes
      const word = at >>> 2
      copyWords(blinds, blindAt, words, word, 8)
      // Every group is one action, so both have the same number.
      words[word + 8] = i
      words[word + 9] = i
      // Neither a reference nor a pointer to an original.
      words[word + 10] = numbers[i]!
      blindAt += numbers[i] === done ? 24 : 8
    }
  }
  return passes.take()
}

/** The entries' leaves, one after another. @param lines - The numbers of each entry, as in `LaneLines`. */
export function hashEntries(
  hashes: HashBatch,
  executed: readonly ExecutedTransfers[],
  lines: Float64Array,
  blinds: Uint32Array,
): Uint8Array<ArrayBuffer> {
  const passes = new HashPasses(
    hashes,
    executed.reduce((sum, of) => sum + of.lines, 0),
  )
  let blindAt = 0
  let line = 0
  for (const { plain, results: numbers } of executed) {
    const source = new DataView(plain.bytes.buffer, plain.bytes.byteOffset, plain.bytes.byteLength)
    for (let i = 0; i < numbers.length; i++) {
      blindAt += 8
      if (numbers[i] !== done) continue
      const tagAt = plain.transfers[i]!
      for (let side = 0; side < 2; side++) {
        const at = passes.begin(kinds.entry, blindBytes + entryBytes)
        copyWords(blinds, blindAt, hashes.words, at >>> 2, 8)
        const account = tagAt + (side === 0 ? transferAt.debit : transferAt.credit)
        writeEntry(hashes, at + blindBytes, source, tagAt, account, side, i, lines, line * lineNumbers)
        blindAt += 8
        line++
      }
    }
  }
  return passes.take()
}

/** The encoding of an entry (protocol/receipt.ts). */
function writeEntry(
  { words, view }: HashBatch,
  at: number,
  source: DataView,
  tagAt: number,
  accountAt: number,
  side: number,
  action: number,
  numbers: Float64Array,
  line: number,
): void {
  const word = at >>> 2
  for (let i = 0; i < 8; i++) words[word + i] = source.getInt32(accountAt + 4 * i, true)
  for (let i = 0; i < 8; i++) words[word + 8 + i] = source.getInt32(tagAt + transferAt.asset + 4 * i, true)
  const sequence = numbers[line]!
  words[word + 16] = sequence % wordRange
  words[word + 17] = Math.floor(sequence / wordRange)
  view.setUint16(at + 72, posted | ((side + 1) << 8), true)
  for (let i = 0; i < 16; i += 4) {
    view.setInt32(at + 74 + i, source.getInt32(tagAt + transferAt.amount + i, true), true)
  }
  view.setUint32(at + 90, action, true)
  for (let total = 0; total < 4; total++) writeTotal(view, at + 94 + 16 * total, numbers[line + 1 + total]!)
}
