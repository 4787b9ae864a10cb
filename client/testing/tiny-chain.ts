import { type Codec, encode, encodeJsonText } from '@tallystick/core/codec'
import {
  ed25519PublicKey,
  type Hash,
  listPath,
  listRoot,
  listTree,
  MountainRange,
  rangePath,
  StateTrie,
  signEd25519,
} from '@tallystick/core/crypto'
import {
  type AccountId,
  type AccountRecord,
  type Action,
  type Anchor,
  type AssetId,
  type AssetRecord,
  type Authorizer,
  accountIdOf,
  action,
  actionsOf,
  assetIdOf,
  type BlockProof,
  blockHashOf,
  type CodeHash,
  type ContractCode,
  type ContractId,
  type ContractRecord,
  codeHashOf,
  commitmentOf,
  componentLeaves,
  componentPath,
  componentSalt,
  contractAccountIdOf,
  contractIdOf,
  type DisclosureField,
  defaultParameters,
  type Entry,
  entryLeaf,
  envelope,
  envelopeOf,
  eventLeaf,
  type Genesis,
  genesis,
  genesisHashOf,
  type Header,
  historyKind,
  historyLeaf,
  itemLeaf,
  ledgerOf,
  type MemberId,
  type MemberRecord,
  memberIdOf,
  type NestedKey,
  nestedPath,
  nestedRecordCodecs,
  nestedRootBlind,
  noBlind,
  type PositionRecord,
  type Proposal,
  payloadRootOf,
  proposalHashOf,
  type Receipt,
  type ReceiptEvent,
  type ReceiptItem,
  type ReceiptProof,
  receiptBlind,
  receiptLeaf,
  receiptListKind,
  receiptsRootOf,
  requiredLimits,
  rowKeyHashOf,
  type StateKey,
  type StateProof,
  signingMessage,
  singleKeyPolicy,
  stateBlind,
  stateDigest,
  statePath,
  stateRecordCodecs,
  storageIdOf,
  type Transaction,
  type TransactionBody,
  type TransactionId,
  transactionIdOf,
  voteMessage,
} from '@tallystick/core/protocol'

// A ledger of two blocks, made by hand from the protocol's own functions: four validators, one bank, three accounts. Block
// 1 holds one packed transaction of two payments, one failed transaction and one call of a contract; block 2 certifies what
// block 1 led to.

const seedOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)
const zeros: Hash = new Uint8Array(32)
const timeMs = 1_760_000_000_000
const minute = 60_000

const validatorSeeds = [1, 2, 3, 4].map(seedOf)
const bankSeed = seedOf(9)
const bankKey = { scheme: 'ed25519', publicKey: ed25519PublicKey(bankSeed) } as const
const bankId: MemberId = memberIdOf('BANK')
const policy = singleKeyPolicy(bankKey)

export const genesisValue: Genesis = {
  version: 1,
  network: 'test',
  name: 'tiny',
  shard: 0,
  timeMs,
  members: [
    {
      identifier: 'BANK',
      name: 'The bank',
      roles: ['bank', 'issuer', 'validator'],
      policy,
      quota: { stepsPerBlock: 1_000_000, writtenBytesPerBlock: 1_000_000 },
    },
  ],
  validators: validatorSeeds.map((seed, i) => ({
    member: bankId,
    consensusKey: ed25519PublicKey(seed),
    nodeKey: ed25519PublicKey(seedOf(20 + i)),
    stake: 100n,
  })),
  recovery: { threshold: 1, keys: [] },
  parameters: defaultParameters,
  seed: seedOf(7),
}
export const genesisText = encodeJsonText(genesis as Codec<Genesis>, genesisValue)
const ledger = ledgerOf(genesisValue)

const accountOf = (n: number): AccountId => accountIdOf(bankId, policy, seedOf(n))
export const alice = accountOf(31)
export const bob = accountOf(32)
export const carol = accountOf(33)
export const euro: AssetId = assetIdOf(bankId, 'EUR')
export const bank = bankId
export const bankSigningSeed = bankSeed

export const disclosed: DisclosureField[] = [
  { name: 'creditor.name', value: 'Bob', salt: seedOf(41) },
  { name: 'remittance', value: 'Invoice 7', salt: seedOf(42) },
]

export const contract: ContractId = contractIdOf(bankId, 'counter')
const published = { vmVersion: 1, script: 'globalThis.contract = () => "{}"', source: 'by hand', sourceMap: '{}' }
export const code: CodeHash = codeHashOf(published)
export const contractRow = { key: 'counter/a', value: '7' }
/** Another one, whose rows were migrated twice. */
export const migrated: ContractId = contractIdOf(bankId, 'migrated')

const call: Action = {
  kind: 'contract-call',
  contract,
  name: 'add',
  input: '{"name":"a","by":7}',
  callers: [{ kind: 'member', member: bankId }],
  funds: [],
  fuel: 2_000_000,
  writtenBytes: 65_536,
}

function transfersOf(amounts: readonly bigint[], credit: readonly AccountId[]): Action[] {
  return amounts.map((amount, i) => ({
    kind: 'transfer',
    debit: alice,
    credit: credit[i]!,
    asset: euro,
    amount,
    reference: undefined,
    commitment: i === 0 ? commitmentOf(disclosed) : undefined,
  }))
}

function bodyOf(nonce: number, actions: readonly Action[], authorizer: Authorizer): TransactionBody {
  const groups = actions.map((value) => ({ netted: false, actions: [value] }))
  return {
    version: 1,
    ledger,
    validUntilMs: timeMs + 5 * minute,
    ticket: undefined,
    payer: bankId,
    limits: requiredLimits({ groups }),
    authorizers: [authorizer],
    nonce: new Uint8Array(16).fill(nonce),
    groups,
  }
}

function signed(body: TransactionBody): Transaction {
  const signature = signEd25519(signingMessage(ledger, transactionIdOf(body)), bankSeed)
  return { body, witness: [{ ...bankKey, signature }] }
}

const byAlice: Authorizer = { kind: 'account', account: alice }
export const packed = signed(bodyOf(51, transfersOf([100n, 23n], [bob, carol]), byAlice))
export const failed = signed(bodyOf(52, transfersOf([1_000_000n], [bob]), byAlice))
export const called = signed(bodyOf(54, [call], { kind: 'member', member: bankId }))
export const packedId = transactionIdOf(packed.body)
export const failedId = transactionIdOf(failed.body)
export const calledId = transactionIdOf(called.body)
/** Never sent. */
export const unsent = signed(bodyOf(53, transfersOf([1n], [bob]), byAlice))
export const unsentId = transactionIdOf(unsent.body)

interface Executed {
  readonly transaction: Transaction
  readonly receipt: Receipt
  readonly items: readonly ReceiptItem[]
  readonly entries: readonly Entry[]
  readonly events: readonly ReceiptEvent[]
  readonly itemLeaves: readonly Hash[]
  readonly entryLeaves: readonly Hash[]
  readonly entryBlinds: readonly Hash[]
  readonly eventLeaves: readonly Hash[]
  readonly eventBlinds: readonly Hash[]
}

const totals = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n }

function entriesOfPacked(): Entry[] {
  const entry = (
    account: AccountId,
    sequence: number,
    side: 'debit' | 'credit',
    amount: bigint,
    act: number,
  ): Entry => ({
    account,
    asset: euro,
    sequence,
    kind: 'posted',
    side,
    amount,
    action: act,
    after:
      side === 'debit'
        ? { ...totals, creditsPosted: 1_000n, debitsPosted: act === 0 ? 100n : 123n }
        : { ...totals, creditsPosted: amount },
  })
  return [
    entry(alice, 1, 'debit', 100n, 0),
    entry(bob, 0, 'credit', 100n, 0),
    entry(alice, 2, 'debit', 23n, 1),
    entry(carol, 0, 'credit', 23n, 1),
  ]
}

/** What the call told. */
const events: ReceiptEvent[] = [
  { action: 0, source: contract, topic: 'counted', data: '{"name":"a","total":7}' },
  { action: 0, source: contract, topic: 'returned', data: '7' },
]

function execute(
  transaction: Transaction,
  index: number,
  result: Receipt['result'],
  entries: Entry[],
  told: readonly ReceiptEvent[] = [],
): Executed {
  const { body } = transaction
  const items: ReceiptItem[] = actionsOf(body).map((_, i) => ({
    group: i,
    action: i,
    result,
    reference: undefined,
    original: undefined,
  }))
  const saltOf = (act: number): Hash => componentSalt(body.nonce, act + 1)
  const itemLeaves = items.map((item) => itemLeaf(item, receiptBlind(saltOf(item.action), 0)))
  const entryBlinds = entries.map((entry, i) => receiptBlind(saltOf(entry.action), 1 + (i % 2)))
  const entryLeaves = entries.map((entry, i) => entryLeaf(entry, entryBlinds[i]!))
  const eventBlinds = told.map((event, i) => receiptBlind(saltOf(event.action), 2 ** 32 - 1 - i))
  const eventLeaves = told.map((event, i) => eventLeaf(event, eventBlinds[i]!))
  const receipt: Receipt = {
    version: 1,
    ledger,
    id: transactionIdOf(body),
    position: { height: 1, phase: 'payload', index },
    timeMs: timeMs + 1_000,
    result,
    charged: body.limits,
    itemsRoot: listRoot(receiptListKind.items, itemLeaves),
    entriesRoot: listRoot(receiptListKind.entries, entryLeaves),
    eventsRoot: listRoot(receiptListKind.events, eventLeaves),
  }
  const leaves = { itemLeaves, entryLeaves, entryBlinds, eventLeaves, eventBlinds }
  return { transaction, receipt, items, entries, events: told, ...leaves }
}

const executedOf = new Map<string, Executed>()
const done = execute(packed, 0, 'OK', entriesOfPacked())
const refused = execute(failed, 1, 'INSUFFICIENT_FUNDS', [])
const counted = execute(called, 2, 'OK', [], events)
const executed = [done, refused, counted]
for (const each of executed) executedOf.set(each.receipt.id.join(), each)

export const receipts = executed.map(({ receipt }) => receipt)
export const receiptOf = (id: TransactionId): Executed | undefined => executedOf.get(id.join())

// The state after block 1.

export const accountRecord: AccountRecord = {
  member: bankId,
  accountKind: 'customer',
  parent: undefined,
  policy,
  status: 'active',
  openPositions: 1,
  nextTicket: 0,
  commitment: undefined,
}
export const position = (debits: bigint, credits: bigint, entries: bigint): PositionRecord => ({
  ...totals,
  debitsPosted: debits,
  creditsPosted: credits,
  normalSide: 'credit',
  creditLine: 0n,
  frozen: 0n,
  entries,
  entriesLink: zeros,
})
export const assetRecord: AssetRecord = {
  issuer: bankId,
  code: 'EUR',
  name: 'Euro',
  assetKind: 'fungible',
  decimals: 2,
  issuanceAccount: accountOf(30),
  supplyMax: undefined,
  status: 'active',
}
export const memberRecord: MemberRecord = {
  identifier: 'BANK',
  name: 'The bank',
  roles: ['bank', 'issuer', 'validator'],
  policy,
  quota: { stepsPerBlock: 1_000_000, writtenBytesPerBlock: 1_000_000 },
  deposit: 0n,
  records: 5,
}
export const contractRecord: ContractRecord = {
  member: bankId,
  name: 'counter',
  status: 'active',
  code,
  vmVersion: 1,
  generation: 0,
  account: contractAccountIdOf(contract, 0),
  prepaidSteps: 1_000,
  nextBooking: 0,
  nextCode: undefined,
  dropping: undefined,
}
const inputSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
export const contractCode: ContractCode = {
  member: bankId,
  ...published,
  manifest: JSON.stringify({
    form: 1,
    name: 'counter',
    actions: { add: { input: inputSchema } },
    views: { total: { input: inputSchema } },
  }),
  fuel: 1_000,
}

interface Stored {
  readonly encoded: Uint8Array
  readonly blind: Hash
}
const state = new Map<string, Stored>()
const trie = new StateTrie()
const recentIds = new StateTrie()
const recentRecords = new Map<string, Stored>()

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
export const validUntilMinute = Math.floor(packed.body.validUntilMs / minute)
put({ kind: 'recent-ids', minute: validUntilMinute }, { root: recentIds.root }, nestedRootBlind)

// The blocks, and the certificate over the last.

const nodes = new Map<string, Hash>()
const range = new MountainRange(historyKind)
const receiptsRoots = [receiptsRootOf([]), receiptsRootOf(receipts)]
const stateRoots = [zeros, trie.root]
export const headers: Header[] = []
const records: BlockProof['history']['record'][] = []

function appendHeader(height: number, time: number): void {
  const payload =
    height === 1 ? [packed, failed, called].map((transaction) => ({ kind: 'inline', transaction }) as const) : []
  const header: Header = {
    protocolVersion: 1,
    ledger,
    height,
    parent: height === 0 ? (zeros as Header['parent']) : blockHashOf(headers[height - 1]!),
    timeMs: time,
    payloadRoot: payloadRootOf(payload),
    payloadCount: payload.length,
    executed: {
      height: Math.max(0, height - 1),
      stateRoot: height === 0 ? zeros : stateRoots[height - 1]!,
      historyRoot: height === 0 ? zeros : range.root(),
    },
    epoch: 0,
    nextEpoch: undefined,
  }
  headers.push(header)
  if (height > 1) return
  const record = {
    height,
    header: blockHashOf(header),
    receiptsRoot: receiptsRoots[height]!,
    stateRoot: stateRoots[height]!,
  }
  records.push(record)
  for (const { level, index, digest } of range.append(historyLeaf(record))) nodes.set(`${level}.${index}`, digest)
}
appendHeader(0, timeMs)
appendHeader(1, timeMs + 1_000)
/** Long after, so that it also certifies what did not happen. */
appendHeader(2, timeMs + 10 * minute)

/** @param signers - Indexes of the validators that sign. */
export function certify(header: Header, signers: readonly number[] = [0, 1, 2]): Anchor {
  const proposal: Proposal = {
    epoch: 0,
    view: header.height,
    parentView: header.height - 1,
    parentHash: header.parent,
    blockHash: blockHashOf(header),
    justificationHash: zeros,
  }
  const message = voteMessage('finalize', ledger, 0, proposal.view, proposalHashOf(proposal))
  const bitmap = signers.reduce((bits, i) => bits | (1 << i), 0)
  return {
    ledger,
    epochs: [],
    header,
    finality: {
      kind: 'simplex',
      proposal,
      quorum: {
        scheme: 'ed25519-list',
        signers: Uint8Array.of(bitmap),
        signatures: signers.map((i) => signEd25519(message, validatorSeeds[i]!)),
      },
    },
  }
}
export const anchor = certify(headers[2]!)

const historyOf = (height: number): BlockProof['history'] => ({
  record: records[height]!,
  path: rangePath(range.size, height, (level, index) => nodes.get(`${level}.${index}`)!),
})

type Selection = 'all' | readonly number[]
const chosen = (selection: Selection, count: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter((i) => selection === 'all' || selection.includes(i))

export function proveReceipt(
  id: TransactionId,
  parts: {
    readonly items: Selection
    readonly entries: Selection
    readonly events: Selection
    readonly components: Selection
  },
): ReceiptProof | undefined {
  const found = receiptOf(id)
  if (found === undefined) return undefined
  const { receipt, items, entries, entryBlinds, eventBlinds, transaction } = found
  const { body } = transaction
  const encodings = [encode(envelope, envelopeOf(body)), ...actionsOf(body).map((value) => encode(action, value))]
  const itemTree = listTree(receiptListKind.items, found.itemLeaves)
  const entryTree = listTree(receiptListKind.entries, found.entryLeaves)
  const eventTree = listTree(receiptListKind.events, found.eventLeaves)
  return {
    version: 1,
    anchor,
    history: historyOf(1),
    receipt,
    receiptCount: receipts.length,
    receiptPath: listPath(receipts.map(receiptLeaf), receipt.position.index),
    items: chosen(parts.items, items.length).map((i) => ({
      item: items[i]!,
      blind: receiptBlind(componentSalt(body.nonce, i + 1), 0),
      count: items.length,
      path: itemTree.path(i),
    })),
    entries: chosen(parts.entries, entries.length).map((i) => ({
      entry: entries[i]!,
      blind: entryBlinds[i]!,
      index: i,
      count: entries.length,
      path: entryTree.path(i),
    })),
    events: chosen(parts.events, found.events.length).map((i) => ({
      event: found.events[i]!,
      blind: eventBlinds[i]!,
      index: i,
      count: found.events.length,
      path: eventTree.path(i),
    })),
    components: chosen(parts.components, encodings.length).map((i) => ({
      index: i,
      count: componentLeaves(body).length,
      salt: componentSalt(body.nonce, i),
      encoded: encodings[i]!,
      path: componentPath(body, i),
    })),
    disclosures: [],
  }
}

export function proveState(lookups: readonly { key: StateKey; nested?: NestedKey | undefined }[]): StateProof {
  return {
    version: 1,
    anchor,
    entries: lookups.map(({ key, nested }) => ({
      key,
      record: state.get(statePath(key).join()),
      proof: trie.prove(statePath(key)),
      nested:
        nested === undefined || !state.has(statePath(key).join())
          ? undefined
          : {
              key: nested,
              record: recentRecords.get(nestedPath(nested).join()),
              proof: recentIds.prove(nestedPath(nested)),
            },
    })),
  }
}

export function proveBlock(height: number): BlockProof {
  const header = headers[height]!
  return { version: 1, anchor, history: historyOf(height), header, hash: blockHashOf(header) }
}
