import { type HashBatch, hashKind, listRoot, listTops } from '../../crypto/index.ts'
import { nextEntryLink, receiptListKind, results, transferAt } from '../../protocol/index.ts'
import type { BlockScope } from '../block-scope.ts'
import { copy32, copyBytes } from '../state/block-changes.ts'
import { positionField } from '../state/position-bytes.ts'
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
  const blinds = hashBlinds(hashes, executed, salts)
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
function hashBlinds(hashes: HashBatch, executed: readonly LaneTransaction[], salts: Uint8Array): Uint8Array {
  hashes.clear()
  for (const { saltAt, results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      const blinds = numbers[i] === done ? 3 : 1
      for (let index = 0; index < blinds; index++) {
        const at = hashes.begin(kinds.blind, blindMessageBytes)
        copy32(salts, (saltAt + 1 + i) * 32, hashes.memory, at)
        writeU32(hashes.memory, at + 32, index)
      }
    }
  }
  return digestsOf(hashes)
}

function hashItems(hashes: HashBatch, executed: readonly LaneTransaction[], blinds: Uint8Array): Uint8Array {
  hashes.clear()
  let blindAt = 0
  for (const { results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      const at = hashes.begin(kinds.item, blindBytes + itemBytes)
      const { memory } = hashes
      copy32(blinds, blindAt, memory, at)
      // Every group is one action, so both have the same number.
      writeU32(memory, at + 32, i)
      writeU32(memory, at + 36, i)
      memory[at + 40] = numbers[i]!
      memory[at + 41] = 0
      // Neither a reference nor a pointer to an original.
      memory[at + 42] = 0
      memory[at + 43] = 0
      blindAt += numbers[i] === done ? 96 : 32
    }
  }
  return digestsOf(hashes)
}

function hashEntries(
  hashes: HashBatch,
  executed: readonly LaneTransaction[],
  lines: LaneLines,
  blinds: Uint8Array,
): Uint8Array {
  hashes.clear()
  let blindAt = 0
  let line = 0
  for (const { plain, results: numbers } of executed) {
    for (let i = 0; i < numbers.length; i++) {
      blindAt += 32
      if (numbers[i] !== done) continue
      const tagAt = plain.transfers[i]!
      for (let side = 0; side < 2; side++) {
        const at = hashes.begin(kinds.entry, blindBytes + entryBytes)
        copy32(blinds, blindAt, hashes.memory, at)
        const account = tagAt + (side === 0 ? transferAt.debit : transferAt.credit)
        writeEntry(
          hashes.memory,
          at + blindBytes,
          plain.bytes,
          tagAt,
          account,
          side,
          i,
          lines.numbers,
          line * lineNumbers,
        )
        blindAt += 32
        line++
      }
    }
  }
  return digestsOf(hashes)
}

function writeEntry(
  memory: Uint8Array,
  at: number,
  bytes: Uint8Array,
  tagAt: number,
  accountAt: number,
  side: number,
  action: number,
  numbers: Float64Array,
  line: number,
): void {
  copy32(bytes, accountAt, memory, at)
  copy32(bytes, tagAt + transferAt.asset, memory, at + 32)
  writeU64(memory, at + 64, numbers[line]!)
  memory[at + 72] = posted
  memory[at + 73] = side + 1
  copyBytes(bytes, tagAt + transferAt.amount, 16, memory, at + 74)
  writeU32(memory, at + 90, action)
  for (let total = 0; total < 4; total++) {
    writeU64(memory, at + 94 + 16 * total, numbers[line + 1 + total]!)
    memory.fill(0, at + 102 + 16 * total, at + 110 + 16 * total)
  }
}

/**
 * Continues the hash chains of the positions. The lines of one position depend on each other, those of different positions
 * do not: the first lines of all are hashed together, then the second ones, and so on.
 */
function linkEntries(table: RecordTable, hashes: HashBatch, lines: LaneLines, leaves: Uint8Array): void {
  const { positions, count } = lines
  const turns = new Map<number, number>()
  const byTurn: number[][] = []
  for (let line = 0; line < count; line++) {
    const turn = turns.get(positions[line]!) ?? 0
    turns.set(positions[line]!, turn + 1)
    if (turn === byTurn.length) byTurn.push([])
    byTurn[turn]!.push(line)
  }
  for (const together of byTurn) {
    if (together.length < linksTogetherMin) {
      for (const line of together) linkOne(table, positions[line]!, leaves.subarray(line * 32, line * 32 + 32))
      continue
    }
    hashes.clear()
    for (const line of together) {
      const at = hashes.begin(kinds.link, 64)
      const cell = table.cellOf(positions[line]!)
      copy32(table.cells.chunkOf(cell), linkOffset(table, cell), hashes.memory, at)
      copy32(leaves, line * 32, hashes.memory, at + 32)
    }
    hashes.run()
    for (let i = 0; i < together.length; i++) {
      const cell = table.cellOf(positions[together[i]!]!)
      copy32(hashes.digests, i * 32, table.cells.chunkOf(cell), linkOffset(table, cell))
    }
  }
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
    writeU64(hashes.memory, at, length)
    if (length === 0) hashes.memory.fill(0, at + 8, at + 40)
    else copy32(tops, 32 * top++, hashes.memory, at + 8)
  }
  return digestsOf(hashes)
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
    const { memory } = hashes
    memory[at] = 1
    copy32(block.ledger, 0, memory, at + 1)
    copy32(id, 0, memory, at + 33)
    writeU64(memory, at + 65, block.height)
    memory[at + 73] = phasePayload
    writeU32(memory, at + 74, index)
    writeU64(memory, at + 78, block.timeMs)
    memory[at + 86] = results[result].number
    memory[at + 87] = 0
    writeU64(memory, at + 88, plain.steps)
    writeU64(memory, at + 96, plain.writtenBytes)
    copy32(itemRoots, i * 32, memory, at + 104)
    copy32(entryRoots, i * 32, memory, at + 136)
    copy32(noEvents, 0, memory, at + 168)
  }
  return digestsOf(hashes)
}

/** The digests of all messages that were begun, as memory of their own. */
function digestsOf(hashes: HashBatch): Uint8Array {
  hashes.run()
  return hashes.digests.slice(0, 32 * hashes.count)
}

function writeU32(memory: Uint8Array, at: number, value: number): void {
  memory[at] = value
  memory[at + 1] = value >>> 8
  memory[at + 2] = value >>> 16
  memory[at + 3] = value >>> 24
}

/** Eight bytes of a safe integer. */
function writeU64(memory: Uint8Array, at: number, value: number): void {
  writeU32(memory, at, value % wordRange)
  writeU32(memory, at + 4, Math.floor(value / wordRange))
}
