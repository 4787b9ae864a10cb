import { type HashBatch, HashPasses, hashKind, listTops, listTreeOfPacked, type TreeList } from '../crypto/index.ts'
import type { LedgerId } from './ids.ts'
import { type PlainTransfers, transferAt, transferBytes } from './plain-transfers.ts'
import type { Component } from './transaction.ts'

const kinds = {
  componentSalt: hashKind('tallystick/component-salt'),
  blindingSalt: hashKind('tallystick/blinding-salt'),
  envelope: hashKind('tallystick/envelope'),
  action: hashKind('tallystick/action'),
  transaction: hashKind('tallystick/list/transaction'),
  signing: hashKind('tallystick/sign-transaction'),
  witness: hashKind('tallystick/witness'),
  ordered: hashKind('tallystick/ordered-transaction'),
}

/** The nonce and the component's index. */
const saltMessageBytes = 20
/** An envelope is a transaction up to its nonce, then the layout of the groups. */
const envelopeHeadBytes = 127
const layoutBytes = 5

/**
 * The ids of many, each equal to `transactionIdOf` its body: all salts first, then all leaves, then the trees level by
 * level, then what seals each root.
 * @returns 32 bytes for each.
 */
export function plainTransferIds(hashes: HashBatch, list: readonly PlainTransfers[]): Uint8Array<ArrayBuffer> {
  const salts = saltsOf(hashes, list, kinds.componentSalt)
  const leaves = componentLeaves(hashes, list, salts)
  const lengths = list.map(({ count }) => count + 1)
  const tops = listTops(leaves, lengths)
  hashes.clear()
  for (const [i, length] of lengths.entries()) {
    const at = hashes.begin(kinds.transaction, 40)
    hashes.view.setUint32(at, length, true)
    hashes.view.setUint32(at + 4, 0, true)
    hashes.memory.set(tops.subarray(32 * i, 32 * i + 32), at + 8)
  }
  return hashes.take()
}

/** Each equal to `blindingSalt`: for each transaction those of its envelope and of each action. @returns 32 bytes each. */
export function blindingSalts(hashes: HashBatch, list: readonly PlainTransfers[]): Uint8Array<ArrayBuffer> {
  return saltsOf(hashes, list, kinds.blindingSalt)
}

function saltsOf(hashes: HashBatch, list: readonly PlainTransfers[], kind: number): Uint8Array<ArrayBuffer> {
  const passes = new HashPasses(hashes, componentsIn(list))
  for (const { bytes, nonceAt, count } of list) {
    for (let index = 0; index <= count; index++) {
      const at = passes.begin(kind, saltMessageBytes)
      const { memory } = hashes
      for (let i = 0; i < 16; i++) memory[at + i] = bytes[nonceAt + i]!
      hashes.view.setUint32(at + 16, index, true)
    }
  }
  return passes.take()
}

function componentsIn(list: readonly PlainTransfers[]): number {
  return list.reduce((sum, { count }) => sum + count + 1, 0)
}

function componentLeaves(
  hashes: HashBatch,
  list: readonly PlainTransfers[],
  salts: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const passes = new HashPasses(hashes, componentsIn(list))
  let saltAt = 0
  for (const { bytes, start, count, transfers } of list) {
    let at = passes.begin(kinds.envelope, 32 + envelopeBytes(count))
    hashes.memory.set(salts.subarray(saltAt, saltAt + 32), at)
    writeEnvelope(hashes.view, at + 32, bytes.subarray(start, start + envelopeHeadBytes), count)
    saltAt += 32
    for (let i = 0; i < count; i++) {
      const tagAt = transfers[i]!
      const length = actionBytes(bytes, tagAt)
      at = passes.begin(kinds.action, 32 + length)
      hashes.memory.set(salts.subarray(saltAt, saltAt + 32), at)
      hashes.memory.set(bytes.subarray(tagAt, tagAt + length), at + 32)
      saltAt += 32
    }
  }
  return passes.take()
}

/** The length of the encoded transfer that begins at a tag. */
function actionBytes(bytes: Uint8Array, tagAt: number): number {
  return transferBytes + (bytes[tagAt + transferAt.commitment] === 1 ? 32 : 0)
}

function envelopeBytes(count: number): number {
  return envelopeHeadBytes + 4 + count * layoutBytes
}

/** The head, then the layout: un-netted groups of one action each. */
function writeEnvelope(view: DataView, at: number, head: Uint8Array, count: number): void {
  for (let i = 0; i < envelopeHeadBytes; i++) view.setUint8(at + i, head[i]!)
  const layoutAt = at + envelopeHeadBytes
  view.setUint32(layoutAt, count, true)
  for (let i = 0, group = layoutAt + 4; i < count; i++, group += layoutBytes) {
    view.setUint8(group, 0)
    view.setUint32(group + 1, 1, true)
  }
}

/** The components under a transaction's id, which is the tree's root: the envelope, then each transfer. */
export function plainComponents(hashes: HashBatch, plain: PlainTransfers): TreeList<Component> {
  const { bytes, start, count, transfers } = plain
  const salts = saltsOf(hashes, [plain], kinds.componentSalt)
  const leaves = componentLeaves(hashes, [plain], salts)
  const encodedAt = (index: number): Uint8Array => {
    if (index > 0) {
      const tagAt = transfers[index - 1]!
      return bytes.slice(tagAt, tagAt + actionBytes(bytes, tagAt))
    }
    const encoded = new Uint8Array(envelopeBytes(count))
    writeEnvelope(new DataView(encoded.buffer), 0, bytes.subarray(start, start + envelopeHeadBytes), count)
    return encoded
  }
  return {
    length: count + 1,
    at: (index) => ({ salt: salts.slice(32 * index, 32 * index + 32), encoded: encodedAt(index) }),
    tree: listTreeOfPacked('transaction', leaves),
  }
}

/** What the signers of many transactions sign, each equal to `signingMessage`. @param ids - 32 bytes each. */
export function signingMessages(hashes: HashBatch, ledger: LedgerId, ids: Uint8Array): Uint8Array<ArrayBuffer> {
  hashes.clear()
  for (let idAt = 0; idAt < ids.length; idAt += 32) {
    const at = hashes.begin(kinds.signing, 64)
    hashes.memory.set(ledger, at)
    hashes.memory.set(ids.subarray(idAt, idAt + 32), at + 32)
  }
  return hashes.take()
}

/** Each equal to `witnessHashOf`. */
export function plainWitnessHashes(hashes: HashBatch, list: readonly PlainTransfers[]): Uint8Array<ArrayBuffer> {
  hashes.clear()
  for (const { bytes, witnessAt, end } of list) {
    const at = hashes.begin(kinds.witness, end - witnessAt)
    hashes.memory.set(bytes.subarray(witnessAt, end), at)
  }
  return hashes.take()
}

/** Each equal to `orderedTransactionLeaf`. @param ids, witnessHashes - 32 bytes each, in the same order. */
export function orderedTransactionLeaves(
  hashes: HashBatch,
  ids: Uint8Array,
  witnessHashes: Uint8Array,
): Uint8Array<ArrayBuffer> {
  hashes.clear()
  for (let from = 0; from < ids.length; from += 32) {
    const at = hashes.begin(kinds.ordered, 64)
    hashes.memory.set(ids.subarray(from, from + 32), at)
    hashes.memory.set(witnessHashes.subarray(from, from + 32), at + 32)
  }
  return hashes.take()
}
