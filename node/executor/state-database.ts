import { decode, encode, equalBytes } from '@tallystick/core/codec'
import type { StateChange, StoredNested, StoredRecord } from '@tallystick/core/ledger'
import { type LedgerId, nestedKey, stateKey } from '@tallystick/core/protocol'
import { type ChainedBatch, ClassicLevel } from 'classic-level'
import { ExecutorError } from './errors.ts'
import { after, joined, metaKey, nestedRecordKey, nestedStart, prefix, recordKey } from './store-keys.ts'
import { type StoreMeta, storeMeta } from './stored-forms.ts'

export type Database = ClassicLevel<Uint8Array, Uint8Array>
export type Batch = ChainedBatch<Database, Uint8Array, Uint8Array>

const view = { keyEncoding: 'view', valueEncoding: 'view' } as const

export async function openDatabase(directory: string, cacheBytes: number): Promise<Database> {
  const database = new ClassicLevel<Uint8Array, Uint8Array>(directory, { ...view, cacheSize: cacheBytes })
  await database.open()
  return database
}

/** @throws {ExecutorError} if another version or ledger wrote the store. */
export function readMeta(database: Database, ledger: LedgerId): StoreMeta | undefined {
  const bytes = database.getSync(metaKey)
  if (bytes === undefined) return undefined
  if (bytes[0] !== 1) throw new ExecutorError('STORE_FORMAT_OTHER', `format ${bytes[0]}`)
  const meta = decode(storeMeta, bytes)
  if (!equalBytes(meta.ledger, ledger)) throw new ExecutorError('STORE_OF_OTHER_LEDGER')
  return meta
}

export function writeMeta(batch: Batch, meta: StoreMeta): void {
  batch.put(metaKey, encode(storeMeta, meta))
}

function blinded({ blind, encoded }: { blind: Uint8Array; encoded: Uint8Array }): Uint8Array {
  const value = new Uint8Array(32 + encoded.length)
  value.set(blind, 0)
  value.set(encoded, 32)
  return value
}

/** Puts a block's changes of the state into the batch that also moves the height. */
export async function writeChanges(database: Database, batch: Batch, changes: readonly StateChange[]): Promise<void> {
  for (const change of changes) {
    if (change.kind === 'put') batch.put(recordKey(change.key), blinded(change))
    else if (change.kind === 'put-nested') batch.put(nestedRecordKey(change.key, change.nested), blinded(change))
    else if (change.kind === 'delete') batch.del(recordKey(change.key))
    else {
      const start = nestedStart(change.key)
      for (const key of await database.keys({ gte: start, lt: after(start) }).all()) batch.del(key)
      batch.del(recordKey(change.key))
    }
  }
}

async function all(database: Database, kind: number): Promise<[Uint8Array, Uint8Array][]> {
  const start = joined(kind)
  return database.iterator({ gte: start, lt: after(start) }).all()
}

/** All records of the state, for rebuilding the ledger at start. */
export async function readRecords(database: Database): Promise<StoredRecord[]> {
  return (await all(database, prefix.record)).map(([key, value]) => ({
    key: decode(stateKey, key.subarray(1)),
    blind: value.slice(0, 32),
    encoded: value.slice(32),
  }))
}

export async function readNested(database: Database): Promise<StoredNested[]> {
  return (await all(database, prefix.nested)).map(([key, value]) => {
    const { outer, inner } = splitNestedKey(key.subarray(1))
    return {
      key: decode(stateKey, outer),
      nested: decode(nestedKey, inner),
      blind: value.slice(0, 32),
      encoded: value.slice(32),
    }
  })
}

/** The outer keys that have nested records: `recent-ids` has 9 bytes, `references` 5. */
function splitNestedKey(bytes: Uint8Array): { outer: Uint8Array; inner: Uint8Array } {
  const length = bytes[0] === 7 ? 9 : 5
  return { outer: bytes.subarray(0, length), inner: bytes.subarray(length) }
}
