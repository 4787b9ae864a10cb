import { type HashBatch, hashKind, listRoot, listTops } from '../../crypto/index.ts'
import { nextEntryLink, receiptListKind, results } from '../../protocol/index.ts'
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
/** Below this many, hashing one by one is quicker than in lanes of four. */
const linksTogetherMin = 3
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
