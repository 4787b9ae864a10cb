import { type Codec, encode } from '@tallystick/core/codec'
import { type Hash, StateTrie } from '@tallystick/core/crypto'
import {
  componentSalt,
  genesisHashOf,
  nestedPath,
  nestedRecordCodecs,
  nestedRootBlind,
  noBlind,
  rowKeyHashOf,
  type StateKey,
  stateBlind,
  stateDigest,
  statePath,
  stateRecordCodecs,
  storageIdOf,
} from '@tallystick/core/protocol'
import {
  alice,
  bankId,
  bob,
  carol,
  code,
  contract,
  contractRow,
  euro,
  genesisValue,
  migrated,
  minute,
} from './genesis.ts'
import { executed } from './receipts.ts'
import { accountRecord, assetRecord, contractCode, contractRecord, memberRecord, position } from './records.ts'
import { packed } from './transactions.ts'

// The state after block 1.

interface Stored {
  readonly encoded: Uint8Array
  readonly blind: Hash
}
export const state = new Map<string, Stored>()
export const trie = new StateTrie()
export const recentIds = new StateTrie()
export const recentRecords = new Map<string, Stored>()

function put(key: StateKey, record: object, blind?: Hash): void {
  const path = statePath(key)
  const codec = stateRecordCodecs[key.kind] as unknown as Codec<object>
  const stored = {
    encoded: encode(codec, record),
    blind: blind ?? stateBlind(genesisHashOf(genesisValue), path, noBlind),
  }
  state.set(path.join(), stored)
  trie.update([{ path, digest: stateDigest(stored.encoded, stored.blind) }])
}

const accounts = [alice, bob, carol]
for (const account of accounts) put({ kind: 'account', account }, accountRecord)
put({ kind: 'position', account: alice, asset: euro }, position(123n, 1_000n, 3n))
put({ kind: 'position', account: bob, asset: euro }, position(0n, 100n, 1n))
put({ kind: 'asset', asset: euro }, assetRecord)
put({ kind: 'member', member: bankId }, memberRecord)
put({ kind: 'contract', contract }, contractRecord)
put({ kind: 'contract-code', code }, contractCode)
put({ kind: 'contract-row', storage: storageIdOf(contract, 0), key: rowKeyHashOf(contractRow.key) }, contractRow)
put({ kind: 'contract', contract: migrated }, { ...contractRecord, name: 'migrated', generation: 2 })
for (const [generation, value] of ['first', 'second', 'third'].entries()) {
  const storage = storageIdOf(migrated, generation)
  put({ kind: 'contract-row', storage, key: rowKeyHashOf('kept') }, { key: 'kept', value })
}
for (const [index, { receipt }] of executed.entries()) {
  const path = nestedPath({ kind: 'recent-id', transaction: receipt.id })
  const blind = stateBlind(componentSalt(packed.body.nonce, 0), path, noBlind)
  const stored = { encoded: encode(nestedRecordCodecs['recent-id'], { height: 1, index }), blind }
  recentRecords.set(path.join(), stored)
  recentIds.update([{ path, digest: stateDigest(stored.encoded, blind) }])
}
const validUntilMinute = Math.floor(packed.body.validUntilMs / minute)
put({ kind: 'recent-ids', minute: validUntilMinute }, { root: recentIds.root }, nestedRootBlind)
