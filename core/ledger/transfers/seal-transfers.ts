import { type HashBatch, hashKind, listRoot, listTops } from '../../crypto/index.ts'
import { nextEntryLink, receiptListKind, results, transferAt } from '../../protocol/index.ts'
import type { BlockScope } from '../block-scope.ts'
import { copy32, copyWords } from '../state/block-changes.ts'
import { positionField, writeCount, writeTotal } from '../state/position-bytes.ts'
import { blindBytes, type RecordTable } from '../state/record-table.ts'
import { type LaneLines, type LaneTransaction, lineNumbers } from './lane-results.ts'

const kinds = {
  blind: hashKind('tallystick/receipt-blind'),
  item: hashKind('tallystick/receipt-item'),
  entry: hashKind('tallystick/receipt-entry'),
  link: hashKind('tallystick/entry-chain'),
  receipt: hashKind('tallystick/receipt'),
  items: hashKind(`tallystick/list/${receiptListKind.items}`),
  entries: hashKind(`tallystick/list/${receiptListKind.entries}`),
}
/** Lengths of encodings: a salt and an index; an item without reference; an entry; a receipt. */
const blindMessageBytes = 36
const itemBytes = 12
const entryBytes = 158
const receiptBytes = 200
const sealBytes = 40
const phasePayload = 2
const posted = 1
const wordRange = 2 ** 32
/** Below this many, hashing one by one is quicker than in lanes of four. */
const linksTogetherMin = 3
const noEvents = listRoot(receiptListKind.events, [])
const done = results.OK.number

/**
 * Makes the hashes of executed transfers, stage by stage over all of them: blinds, then the leaves of items and entries, then
 * the positions' chains and the receipts' roots, then the receipts.
 * @returns the receipts' leaves, 32 bytes each.
 */
export function sealTransfers(
  block: BlockScope,
  hashes: HashBatch,
  executed: readonly LaneTransaction[],
  lines: LaneLines,
  salts: Uint8Array,
): Uint8Array {
  const blinds = new Uint32Array(hashBlinds(hashes, executed, new Uint32Array(salts.buffer)).buffer)
  const items = hashItems(hashes, executed, blinds)
  const entries = hashEntries(hashes, executed, lines, blinds)
  linkEntries(block.state.table, hashes, lines, entries)
  const itemRoots = seal(
    hashes,
    kinds.items,
    items,
    executed.map(({ results: numbers }) => numbers.length),
  )
  const entryRoots = seal(
    hashes,
    kinds.entries,
    entries,
    executed.map(({ lines: count }) => count),
  )
  return hashReceipts(block, hashes, executed, itemRoots, entryRoots)
}

/** For each action the blind of its item, and if it was done those of its two entries. */
function hashBlinds(hashes: HashBatch, executed: readonly LaneTransaction[], salts: Uint32Array): Uint8Array {
  hashes.clear()
  for (const { saltAt, results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      const blinds = numbers[i] === done ? 3 : 1
      for (let index = 0; index < blinds; index++) {
        const at = hashes.begin(kinds.blind, blindMessageBytes)
        copyWords(salts, (saltAt + 1 + i) * 8, hashes.words, at >>> 2, 8)
        hashes.words[(at >>> 2) + 8] = index
      }
    }
  }
  return hashes.take()
}

function hashItems(hashes: HashBatch, executed: readonly LaneTransaction[], blinds: Uint32Array): Uint8Array {
  hashes.clear()
  let blindAt = 0
  for (const { results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      const at = hashes.begin(kinds.item, blindBytes + itemBytes)
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
  return hashes.take()
}

function hashEntries(
  hashes: HashBatch,
  executed: readonly LaneTransaction[],
  lines: LaneLines,
  blinds: Uint32Array,
): Uint8Array {
  hashes.clear()
  let blindAt = 0
  let line = 0
  for (const { plain, results: numbers } of executed) {
    const source = new DataView(plain.bytes.buffer, plain.bytes.byteOffset, plain.bytes.byteLength)
    for (let i = 0; i < numbers.length; i++) {
      blindAt += 8
      if (numbers[i] !== done) continue
      const tagAt = plain.transfers[i]!
      for (let side = 0; side < 2; side++) {
        const at = hashes.begin(kinds.entry, blindBytes + entryBytes)
        copyWords(blinds, blindAt, hashes.words, at >>> 2, 8)
        const account = tagAt + (side === 0 ? transferAt.debit : transferAt.credit)
        writeEntry(hashes, at + blindBytes, source, tagAt, account, side, i, lines.numbers, line * lineNumbers)
        blindAt += 8
        line++
      }
    }
  }
  return hashes.take()
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

/** For each line how many lines of the same position stand before it, by the position's entry while it is counted. */
let turns = new Int32Array(0)

/**
 * Continues the hash chains of the positions. The lines of one position depend on each other, those of different positions
 * do not: the first lines of all are hashed together, then the second ones, and so on.
 */
function linkEntries(table: RecordTable, hashes: HashBatch, lines: LaneLines, leaves: Uint8Array): void {
  const { positions, count } = lines
  if (count === 0) return
  const { order, starts } = byTurn(table, lines)
  const leafWords = new Uint32Array(leaves.buffer)
  for (let turn = 0; turn + 1 < starts.length; turn++) {
    const from = starts[turn]!
    const to = starts[turn + 1]!
    if (to - from < linksTogetherMin) {
      for (let i = from; i < to; i++) {
        const line = order[i]!
        linkOne(table, positions[line]!, leaves.subarray(line * 32, line * 32 + 32))
      }
      continue
    }
    hashes.clear()
    for (let i = from; i < to; i++) {
      const line = order[i]!
      const at = hashes.begin(kinds.link, 64)
      const cell = table.cellOf(positions[line]!)
      copy32(table.cells.chunkOf(cell), linkOffset(table, cell), hashes.memory, at)
      copyWords(leafWords, line * 8, hashes.words, (at >>> 2) + 8, 8)
    }
    hashes.run()
    for (let i = from; i < to; i++) {
      const cell = table.cellOf(positions[order[i]!]!)
      copy32(hashes.digests, (i - from) * 32, table.cells.chunkOf(cell), linkOffset(table, cell))
    }
  }
}

/** Lines sorted by how many of the same position come before them; `starts` has where each number begins, and the end. */
function byTurn(table: RecordTable, { positions, count }: LaneLines): { order: Int32Array; starts: Int32Array } {
  if (turns.length < table.end) turns = new Int32Array(2 * table.end)
  const turnOf = new Int32Array(count)
  let last = 0
  for (let line = 0; line < count; line++) {
    const turn = turns[positions[line]!]!
    turns[positions[line]!] = turn + 1
    turnOf[line] = turn
    if (turn > last) last = turn
  }
  for (let line = 0; line < count; line++) turns[positions[line]!] = 0
  const starts = new Int32Array(last + 2)
  for (let line = 0; line < count; line++) starts[turnOf[line]! + 1]!++
  for (let turn = 1; turn < starts.length; turn++) starts[turn]! += starts[turn - 1]!
  const next = starts.slice()
  const order = new Int32Array(count)
  for (let line = 0; line < count; line++) order[next[turnOf[line]!]!++] = line
  return { order, starts }
}

function linkOne(table: RecordTable, position: number, leaf: Uint8Array): void {
  const cell = table.cellOf(position)
  const chunk = table.cells.chunkOf(cell)
  const at = linkOffset(table, cell)
  copy32(nextEntryLink(chunk.subarray(at, at + 32), leaf), 0, chunk, at)
}

function linkOffset(table: RecordTable, cell: number): number {
  return table.cells.offsetOf(cell) + blindBytes + positionField.entriesLink
}

/** The roots of lists whose leaves stand one after another; an empty list's tree is 32 zero bytes. */
function seal(hashes: HashBatch, kind: number, leaves: Uint8Array, lengths: readonly number[]): Uint8Array {
  const tops = listTops(
    leaves,
    lengths.filter((length) => length > 0),
  )
  hashes.clear()
  let top = 0
  for (const length of lengths) {
    const at = hashes.begin(kind, sealBytes)
    writeCount(hashes.view, at, length)
    if (length === 0) hashes.memory.fill(0, at + 8, at + 40)
    else copy32(tops, 32 * top++, hashes.memory, at + 8)
  }
  return hashes.take()
}

function hashReceipts(
  block: BlockScope,
  hashes: HashBatch,
  executed: readonly LaneTransaction[],
  itemRoots: Uint8Array,
  entryRoots: Uint8Array,
): Uint8Array {
  hashes.clear()
  for (const [i, { id, plain, index, result }] of executed.entries()) {
    const at = hashes.begin(kinds.receipt, receiptBytes)
    const { memory, view } = hashes
    memory[at] = 1
    copy32(block.ledger, 0, memory, at + 1)
    copy32(id, 0, memory, at + 33)
    writeCount(view, at + 65, block.height)
    memory[at + 73] = phasePayload
    view.setUint32(at + 74, index, true)
    writeCount(view, at + 78, block.timeMs)
    view.setUint16(at + 86, results[result].number, true)
    writeCount(view, at + 88, plain.steps)
    writeCount(view, at + 96, plain.writtenBytes)
    copy32(itemRoots, i * 32, memory, at + 104)
    copy32(entryRoots, i * 32, memory, at + 136)
    copy32(noEvents, 0, memory, at + 168)
  }
  return hashes.take()
}
