import { encode } from '@tallystick/core/codec'
import { type AccountId, type AssetId, type StateKey, stateKey } from '@tallystick/core/protocol'

/** The first byte of every key of the index. Keys sort by bytes, so numbers stand big-endian. */
export const prefix = {
  meta: 0,
  /** Keys of members, accounts, assets and positions; the ledger has the records. */
  record: 1,
  receipt: 3,
  block: 4,
  historyNode: 5,
  entry: 6,
  referenceUse: 7,
  synced: 8,
} as const

export function joined(kind: number, ...parts: Uint8Array[]): Uint8Array {
  const key = new Uint8Array(parts.reduce((length, part) => length + part.length, 1))
  key[0] = kind
  let at = 1
  for (const part of parts) {
    key.set(part, at)
    at += part.length
  }
  return key
}

export function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

export function fromBigEndian(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0))
}

/** The first key after all keys that start with these bytes. */
export function after(start: Uint8Array): Uint8Array {
  const end = start.slice()
  let last = end.length - 1
  while (end[last] === 255) last--
  end[last]!++
  return end.slice(0, last + 1)
}

export const metaKey: Uint8Array = joined(prefix.meta)
export const syncedKey: Uint8Array = joined(prefix.synced)
export const recordKey = (key: StateKey): Uint8Array => joined(prefix.record, encode(stateKey, key))
export const receiptKey = (id: Uint8Array): Uint8Array => joined(prefix.receipt, id)
export const blockKey = (height: number): Uint8Array => joined(prefix.block, bigEndian(height))
export const historyNodeKey = (level: number, index: number): Uint8Array =>
  joined(prefix.historyNode, Uint8Array.of(level), bigEndian(index))
export const entryKey = (account: AccountId, asset: AssetId, sequence: number): Uint8Array =>
  joined(prefix.entry, account, asset, bigEndian(sequence))
export const referenceUsesStart = (member: Uint8Array, key: Uint8Array): Uint8Array =>
  joined(prefix.referenceUse, member, key)
export const referenceUseKey = (member: Uint8Array, key: Uint8Array, businessDay: number): Uint8Array =>
  joined(prefix.referenceUse, member, key, bigEndian(businessDay))
