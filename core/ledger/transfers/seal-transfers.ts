import { type HashBatch, hashKind, listRoot, listTops, messagesPerPass, sideBySide } from '../../crypto/index.ts'
import { receiptListKind, results } from '../../protocol/index.ts'
import type { BlockScope } from '../block-scope.ts'
import { copy32, copyWords } from '../state/block-changes.ts'
import { positionField, writeCount } from '../state/position-bytes.ts'
import { blindBytes, type RecordTable } from '../state/record-table.ts'
import type { LaneLines, LaneTransaction } from './lane-results.ts'
import { hashBlinds, hashEntries, hashItems } from './transfer-leaves.ts'

const kinds = {
  link: hashKind('tallystick/entry-chain'),
  receipt: hashKind('tallystick/receipt'),
  items: hashKind(`tallystick/list/${receiptListKind.items}`),
  entries: hashKind(`tallystick/list/${receiptListKind.entries}`),
}
const receiptBytes = 200
const sealBytes = 40
const phasePayload = 2
/** A link and a leaf. */
const linkMessageBytes = 64
const noPosition = -1
const noEvents = listRoot(receiptListKind.events, [])

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
  const entries = hashEntries(hashes, executed, lines.numbers, blinds)
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

/** By the position's entry: how many of its lines were counted, then its last message of a pass and one more. */
let marks = new Int32Array(0)

/**
 * Continues the hash chains of the positions: each line's hash has that of the position's line before in it. First lines of
 * all positions come first, then second ones, and so on, so that chains are computed side by side.
 */
function linkEntries(table: RecordTable, hashes: HashBatch, lines: LaneLines, leaves: Uint8Array): void {
  const { positions, count } = lines
  if (count === 0) return
  const { order, starts } = byTurn(table, lines)
  const leafWords = new Uint32Array(leaves.buffer)
  /** The position of each message. */
  const linked = new Int32Array(messagesPerPass)
  hashes.clear()
  for (let turn = 0; turn + 1 < starts.length; turn++) {
    for (let i = starts[turn]!; i < starts[turn + 1]!; i++) {
      const message = hashes.count
      const line = order[i]!
      const position = positions[line]!
      const at = hashes.begin(kinds.link, linkMessageBytes)
      const before = marks[position]!
      if (before === 0) {
        const cell = table.cellOf(position)
        copy32(table.cells.chunkOf(cell), linkOffset(table, cell), hashes.memory, at)
      } else hashes.redirect(before - 1, at)
      copyWords(leafWords, line * 8, hashes.words, (at >>> 2) + 8, 8)
      linked[message] = position
      marks[position] = message + 1
      if (message + 1 === messagesPerPass) storeLinks(table, hashes, linked)
    }
    // The next turn has digests of this one in it, so it begins with a group of its own, behind messages of no meaning.
    while (hashes.count % sideBySide !== 0) {
      linked[hashes.count] = noPosition
      hashes.begin(kinds.link, linkMessageBytes)
    }
    if (hashes.count === messagesPerPass) storeLinks(table, hashes, linked)
  }
  storeLinks(table, hashes, linked)
}

/** Ends a pass: the last link of each of its positions goes into the position. */
function storeLinks(table: RecordTable, hashes: HashBatch, linked: Int32Array): void {
  hashes.run()
  for (let message = 0; message < hashes.count; message++) {
    const position = linked[message]!
    if (position === noPosition || marks[position] !== message + 1) continue
    const cell = table.cellOf(position)
    copy32(hashes.digests, message * 32, table.cells.chunkOf(cell), linkOffset(table, cell))
    marks[position] = 0
  }
  hashes.clear()
}

/** Lines sorted by how many of the same position come before them; `starts` has where each number begins, and the end. */
function byTurn(table: RecordTable, { positions, count }: LaneLines): { order: Int32Array; starts: Int32Array } {
  if (marks.length < table.end) marks = new Int32Array(2 * table.end)
  const turnOf = new Int32Array(count)
  let last = 0
  for (let line = 0; line < count; line++) {
    const turn = marks[positions[line]!]!
    marks[positions[line]!] = turn + 1
    turnOf[line] = turn
    if (turn > last) last = turn
  }
  for (let line = 0; line < count; line++) marks[positions[line]!] = 0
  const starts = new Int32Array(last + 2)
  for (let line = 0; line < count; line++) starts[turnOf[line]! + 1]!++
  for (let turn = 1; turn < starts.length; turn++) starts[turn]! += starts[turn - 1]!
  const next = starts.slice()
  const order = new Int32Array(count)
  for (let line = 0; line < count; line++) order[next[turnOf[line]!]!++] = line
  return { order, starts }
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
