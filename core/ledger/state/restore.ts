import { decode, equalBytes, Reader } from '../../codec/index.ts'
import { type HashBatch, hashKind, type StateTrie } from '../../crypto/index.ts'
import { type ContractRow, nestedRoot, nestedRootBlind } from '../../protocol/index.ts'
import { assertHolds, LedgerFault } from '../assertion.ts'
import type { Expiries } from '../expiries.ts'
import { copy32, copyBytes } from './block-changes.ts'
import { CellHeap } from './cell-heap.ts'
import { imageTag, nestedTag } from './images.ts'
import { blindBytes, type RecordTable } from './record-table.ts'
import { latin1 } from './state-key-text.ts'
import { codecOf, keyOfEntry, type StateStore, textOfEntry } from './state-store.ts'

const pathKind = hashKind('tallystick/state-path')
const digestKind = hashKind('tallystick/state-record')
const recordsPerPass = 8_192
const unknownPath = new Uint8Array(32)

/**
 * Fills an empty state from images; the root then tells whether they are the right ones.
 * @throws {LedgerFault} if nested records don't lead to the stored root above them; {CodecError} if an image is malformed.
 */
export function restoreState(
  state: StateStore,
  trie: StateTrie,
  expiries: Expiries,
  hashes: HashBatch,
  images: Iterable<Uint8Array>,
): void {
  for (const bytes of images) readImages(state, bytes)
  const { table } = state
  hashRecords(table, trie, hashes)
  for (const text of state.nestedTexts()) state.nestedAt(text)!.commitRestored(hashes)
  for (let entry = 0; entry < table.end; entry++) {
    if (table.cellOf(entry) === 0 || !isListed(table.kindOf(entry))) continue
    const key = keyOfEntry(table, entry)
    const record = decode(codecOf(key), table.encodedOf(entry))
    if (key.kind === 'contract-row') state.rows.add(latin1(key.storage), (record as ContractRow).key)
    expiries.noteCreated(textOfEntry(table, entry), key, record)
    if (key.kind === 'recent-ids' || key.kind === 'references') checkNestedRoot(state, entry)
  }
  for (const text of state.nestedTexts()) {
    assertHolds(state.has(text), () => 'the store has nested records without a root')
  }
}

/** Kinds of holds, tickets, roots of nested tries, and all that contracts have. */
function isListed(kind: number): boolean {
  return kind >= 5
}

function readImages(state: StateStore, bytes: Uint8Array): void {
  const reader = new Reader(bytes)
  while (reader.remaining > 0) {
    const tag = reader.u8()
    const keyLength = reader.u8()
    const keyAt = reader.skip(keyLength)
    if (tag === imageTag.put) {
      const lastLine = reader.f64()
      const length = reader.u32()
      const entry = roomFor(state.table, bytes, keyAt, keyLength, length)
      const { cells } = state.table
      const cell = state.table.cellOf(entry)
      cells.chunkOf(cell).set(reader.view(length), cells.offsetOf(cell))
      state.table.setLastLine(entry, lastLine)
      continue
    }
    const key = bytes.subarray(keyAt, keyAt + keyLength)
    if (tag === imageTag.delete) remove(state, key)
    else if (tag === imageTag.rows) readRows(state, latin1(key), reader)
    else throw new LedgerFault(`an image of unknown kind ${tag}`)
  }
}

/** The entry of a key, with a cell for so many bytes. */
function roomFor(table: RecordTable, bytes: Uint8Array, keyAt: number, keyLength: number, length: number): number {
  const found = table.find(bytes, keyAt, keyLength)
  const entry = found >= 0 ? found : table.insert(bytes.subarray(keyAt, keyAt + keyLength), unknownPath)
  const old = table.cellOf(entry)
  if (old !== 0 && CellHeap.sameSize(table.cellLength(entry), length)) {
    table.setCell(entry, old, length)
  } else {
    if (old !== 0) table.cells.release(old, table.cellLength(entry))
    table.setCell(entry, table.cells.allocate(length), length)
  }
  return entry
}

function remove(state: StateStore, key: Uint8Array): void {
  const { table } = state
  state.removeNested(latin1(key))
  const entry = table.find(key, 0, key.length)
  if (entry < 0) return
  table.cells.release(table.cellOf(entry), table.cellLength(entry))
  table.unlink(entry)
  table.release(entry)
}

function readRows(state: StateStore, text: string, reader: Reader): void {
  const kind = reader.u8() === nestedTag.reference ? 'reference' : 'recent-id'
  const nested = state.openNested(text, kind)
  nested.restoreRows(reader.view(reader.u32() * nested.rowBytes))
}

/** Paths and digests of all records, many at a time. */
function hashRecords(table: RecordTable, trie: StateTrie, hashes: HashBatch): void {
  trie.reserve(table.size)
  let entries: number[] = []
  const finish = (): void => {
    hashes.clear()
    for (const entry of entries) {
      const key = table.keyOf(entry)
      const at = hashes.begin(pathKind, key.length)
      copyBytes(key, 0, key.length, hashes.memory, at)
    }
    hashes.run()
    for (const [i, entry] of entries.entries()) {
      copy32(hashes.digests, i * 32, table.pathsOf(entry), table.pathOffset(entry))
    }
    hashes.clear()
    for (const entry of entries) {
      const length = table.cellLength(entry)
      const cell = table.cellOf(entry)
      const at = hashes.begin(digestKind, length)
      copyBytes(table.cells.chunkOf(cell), table.cells.offsetOf(cell), length, hashes.memory, at)
    }
    hashes.run()
    for (const [i, entry] of entries.entries()) {
      trie.put(table.pathsOf(entry), table.pathOffset(entry), hashes.digests, i * 32)
    }
    entries = []
  }
  for (let entry = 0; entry < table.end; entry++) {
    if (table.cellOf(entry) === 0) continue
    entries.push(entry)
    if (entries.length === recordsPerPass) finish()
  }
  finish()
}

function checkNestedRoot(state: StateStore, entry: number): void {
  const { table } = state
  const { root } = decode(nestedRoot, table.encodedOf(entry))
  const nested = state.nestedAt(textOfEntry(table, entry))
  const blind = table.cellBytes(table.cellOf(entry), blindBytes)
  const isRight = nested !== undefined && equalBytes(nested.trie.root, root) && equalBytes(blind, nestedRootBlind)
  assertHolds(isRight, () => 'the store has other nested records than its root')
}
