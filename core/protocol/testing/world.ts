import { encode } from '../../codec/index.ts'
import {
  ed25519PublicKey,
  type Hash,
  listPath,
  listRoot,
  StateTrie,
  signEd25519,
  taggedHash,
} from '../../crypto/index.ts'
import {
  type AccountId,
  type Action,
  type Anchor,
  type AssetId,
  action as actionCodec,
  actionsOf,
  type BlockProof,
  blindingSalt,
  blockHashOf,
  type ContractId,
  commitmentOf,
  componentPath,
  componentSalt,
  type DisclosureField,
  defaultParameters,
  discloseField,
  type Entry,
  entryLeaf,
  envelope,
  envelopeOf,
  eventLeaf,
  type FinalityProof,
  type Genesis,
  type Header,
  type HistoryProof,
  type HistoryRecord,
  historyKind,
  historyLeaf,
  itemLeaf,
  ledgerOf,
  memberIdOf,
  type NestedKey,
  nestedPath,
  nestedRoot,
  nestedRootBlind,
  noBlind,
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
  referenceRecord,
  requiredLimits,
  type StateKey,
  type StateProof,
  singleKeyPolicy,
  stateBlind,
  stateDigest,
  statePath,
  type TransactionBody,
  type TrustRoot,
  ticketRecord,
  transactionIdOf,
  trustGenesis,
  type Validator,
  validatorsRootOf,
  voteMessage,
} from '../index.ts'

export function hashOf(name: string): Hash {
  return taggedHash('test', new TextEncoder().encode(`${name}.`))
}

const seedOf = (name: string): Hash => hashOf(`seed of ${name}`)
const member = memberIdOf('bank')

function validatorOf(name: string, stake: bigint): Validator {
  return { member, consensusKey: ed25519PublicKey(seedOf(name)), nodeKey: hashOf(`node of ${name}`), stake }
}

const names = ['v0', 'v1', 'v2', 'v3']
const nextNames = ['w0', 'w1']
const validators = names.map((name) => validatorOf(name, 10n))
const nextValidators = nextNames.map((name) => validatorOf(name, 10n))

export const genesis: Genesis = {
  version: 1,
  network: 'test',
  name: 'proofs',
  shard: 0,
  timeMs: 1_800_000_000_000,
  members: [
    {
      identifier: 'bank',
      name: 'Bank',
      roles: ['bank', 'validator'],
      policy: singleKeyPolicy({ scheme: 'ed25519', publicKey: ed25519PublicKey(seedOf('bank')) }),
      quota: { stepsPerBlock: 1_000, writtenBytesPerBlock: 1_000 },
    },
  ],
  validators,
  recovery: { threshold: 1, keys: [] },
  parameters: defaultParameters,
  seed: hashOf('seed'),
}
export const ledger = ledgerOf(genesis)
export const trust: TrustRoot = trustGenesis(genesis)
export { validators }

/** A finalization of a header by some of a set. */
export function finalize(header: Header, signers: readonly string[], set: readonly string[] = names): FinalityProof {
  const proposal: Proposal = {
    epoch: header.epoch,
    view: 9,
    parentView: 8,
    parentHash: header.parent,
    blockHash: blockHashOf(header),
    justificationHash: hashOf('justification'),
  }
  const message = voteMessage('finalize', ledger, proposal.epoch, proposal.view, proposalHashOf(proposal))
  const bitmap = new Uint8Array(Math.ceil(set.length / 8))
  for (const name of signers) bitmap[set.indexOf(name) >> 3]! |= 1 << (set.indexOf(name) & 7)
  const signatures = set.filter((name) => signers.includes(name)).map((name) => signEd25519(message, seedOf(name)))
  return { kind: 'simplex', proposal, quorum: { scheme: 'ed25519-list', signers: bitmap, signatures } }
}

export function headerOf(terms: Partial<Header>): Header {
  return {
    protocolVersion: 1,
    ledger,
    height: 4,
    parent: hashOf('parent') as Header['parent'],
    timeMs: genesis.timeMs + 5_000,
    payloadRoot: payloadRootOf([]),
    payloadCount: 0,
    executed: { height: 3, stateRoot: hashOf('state'), historyRoot: hashOf('history') },
    epoch: 0,
    nextEpoch: undefined,
    ...terms,
  }
}

/** An anchor over an epoch change: genesis' four validators hand over to two others, who certify the header. */
export function anchorOf(executed: Header['executed']): Anchor {
  const boundary = headerOf({ height: 2, nextEpoch: { epoch: 1, validatorsRoot: validatorsRootOf(nextValidators) } })
  const header = headerOf({ executed, epoch: 1 })
  return {
    ledger,
    epochs: [{ header: boundary, finality: finalize(boundary, ['v0', 'v2', 'v3']), next: nextValidators }],
    header,
    finality: finalize(header, nextNames, nextNames),
  }
}

/** Four executed blocks; the record of height 2 is the one that matters. */
export function historyOf(record: Partial<HistoryRecord>): { history: HistoryProof; root: Hash } {
  const records = [0, 1, 2, 3].map((height): HistoryRecord => {
    const fill = (what: string): Hash => hashOf(`${what} ${height}`)
    const other = {
      height,
      header: fill('header') as HistoryRecord['header'],
      receiptsRoot: fill('r'),
      stateRoot: fill('s'),
    }
    return height === 2 ? { ...other, ...record } : other
  })
  const leaves = records.map(historyLeaf)
  return { history: { record: records[2]!, path: listPath(leaves, 2) }, root: listRoot(historyKind, leaves) }
}

const accounts = ['debtor', 'creditor'].map((name) => hashOf(name) as AccountId)
const asset = hashOf('asset') as AssetId
const fields: DisclosureField[] = ['creditor.name', 'remittance'].map((name) => ({
  name,
  value: `${name}!`,
  salt: hashOf(name),
}))

/** Two payments in two groups; the second has a commitment. */
export function bodyOf(): TransactionBody {
  const pay = (amount: bigint, commitment: Hash | undefined): Action => {
    const reference = { member, businessDay: 20_833, key: hashOf(`reference ${amount}`) }
    return { kind: 'transfer', debit: accounts[0]!, credit: accounts[1]!, asset, amount, reference, commitment }
  }
  const groups = [
    { netted: false, actions: [pay(5n, undefined)] },
    { netted: false, actions: [pay(7n, commitmentOf(fields))] },
  ]
  const authorizers = [{ kind: 'account', account: accounts[0]! } as const]
  const limits = requiredLimits({ groups })
  const validUntilMs = genesis.timeMs + 60_000
  const nonce = hashOf('nonce').slice(0, 16)
  return { version: 1, ledger, validUntilMs, ticket: undefined, payer: member, limits, authorizers, nonce, groups }
}

/** A receipt with everything that can be shown of it. */
export function receiptProofOf(): ReceiptProof {
  const body = bodyOf()
  const salts = actionsOf(body).map((_, i) => blindingSalt(body.nonce, i + 1))
  const items = actionsOf(body).map((action, i): { item: ReceiptItem; blind: Hash } => {
    const reference = action.kind === 'transfer' ? action.reference : undefined
    const item: ReceiptItem = { group: i, action: i, result: 'OK', reference, original: undefined }
    return { item, blind: receiptBlind(salts[i]!, 0) }
  })
  const entries = actionsOf(body).flatMap((_, i) =>
    (['debit', 'credit'] as const).map((side, s): { entry: Entry; blind: Hash } => {
      const after = { debitsPosted: 1n, debitsPending: 2n, creditsPosted: 3n, creditsPending: 4n }
      const where = { account: accounts[s]!, asset, sequence: i, kind: 'posted', side, amount: 5n } as const
      return { entry: { ...where, action: i, after }, blind: receiptBlind(salts[i]!, s + 1) }
    }),
  )
  const itemLeaves = items.map(({ item, blind }) => itemLeaf(item, blind))
  const events = ['returned', 'delivered'].map((topic, i) => {
    const event: ReceiptEvent = { action: 0, source: hashOf('contract') as ContractId, topic, data: '{}' }
    return { event, blind: receiptBlind(salts[0]!, 2 ** 32 - 1 - i) }
  })
  const eventLeaves = events.map(({ event, blind }) => eventLeaf(event, blind))
  const entryLeaves = entries.map(({ entry, blind }) => entryLeaf(entry, blind))
  const receipt: Receipt = {
    version: 1,
    ledger,
    id: transactionIdOf(body),
    position: { height: 2, phase: 'payload', index: 1 },
    timeMs: genesis.timeMs + 4_000,
    result: 'OK',
    charged: body.limits,
    itemsRoot: listRoot(receiptListKind.items, itemLeaves),
    entriesRoot: listRoot(receiptListKind.entries, entryLeaves),
    eventsRoot: listRoot(receiptListKind.events, eventLeaves),
  }
  const receipts = [0, 1, 2].map((index) => ({ ...receipt, position: { ...receipt.position, index } }))
  const { history, root } = historyOf({ receiptsRoot: receiptsRootOf(receipts) })
  const encodings = [encode(envelope, envelopeOf(body)), ...actionsOf(body).map((a) => encode(actionCodec, a))]
  return {
    version: 1,
    anchor: anchorOf({ height: 3, stateRoot: hashOf('state'), historyRoot: root }),
    history,
    receipt,
    receiptCount: receipts.length,
    receiptPath: listPath(receipts.map(receiptLeaf), 1),
    items: items.map((part, i) => ({ ...part, count: items.length, path: listPath(itemLeaves, i) })),
    entries: [0, 3].map((index) => ({
      ...entries[index]!,
      index,
      count: entries.length,
      path: listPath(entryLeaves, index),
    })),
    events: [{ ...events[1]!, index: 1, count: 2, path: listPath(eventLeaves, 1) }],
    components: [0, 2].map((index) => ({
      index,
      count: encodings.length,
      salt: componentSalt(body.nonce, index),
      encoded: encodings[index]!,
      path: componentPath(body, index),
    })),
    disclosures: [{ component: 1, fields: [discloseField(fields, 1)] }],
  }
}

/** A ticket, an absent one, a reference and an absent one under their day, and a day that is not there. */
export function stateProofOf(): StateProof {
  const ticketKey = (number: number): StateKey => ({ kind: 'ticket', account: accounts[0]!, number })
  const day = (businessDay: number): StateKey => ({ kind: 'references', businessDay })
  const referenceKey = (name: string): NestedKey => ({ kind: 'reference', member, key: hashOf(name) })
  const shown = (encoded: Uint8Array, path: Hash) => ({ encoded, blind: stateBlind(hashOf('salt'), path, noBlind) })
  const digest = (record: { encoded: Uint8Array; blind: Hash }): Hash => stateDigest(record.encoded, record.blind)

  const nestedTrie = new StateTrie()
  const first = { id: transactionIdOf(bodyOf()), height: 2, index: 1, action: 0 }
  const reference = shown(
    encode(referenceRecord, { content: hashOf('content'), first }),
    nestedPath(referenceKey('known')),
  )
  nestedTrie.update([
    { path: nestedPath(referenceKey('known')), digest: digest(reference) },
    { path: nestedPath(referenceKey('other')), digest: hashOf('other') },
  ])
  const trie = new StateTrie()
  const ticket = shown(encode(ticketRecord, { expiresMs: 77 }), statePath(ticketKey(0)))
  const dayRecord = { encoded: encode(nestedRoot, { root: nestedTrie.root }), blind: nestedRootBlind }
  trie.update([
    { path: statePath(ticketKey(0)), digest: digest(ticket) },
    { path: statePath(day(20_833)), digest: digest(dayRecord) },
    ...Array.from({ length: 20 }, (_, i) => ({ path: statePath(ticketKey(100 + i)), digest: hashOf(`${i}`) })),
  ])
  const outer = (key: StateKey, record: { encoded: Uint8Array; blind: Hash } | undefined) => ({
    key,
    record,
    proof: trie.prove(statePath(key)),
    nested: undefined,
  })
  const inner = (key: NestedKey, record: { encoded: Uint8Array; blind: Hash } | undefined) => ({
    ...outer(day(20_833), dayRecord),
    nested: { key, record, proof: nestedTrie.prove(nestedPath(key)) },
  })
  const { root } = historyOf({})
  return {
    version: 1,
    anchor: anchorOf({ height: 3, stateRoot: trie.root, historyRoot: root }),
    entries: [
      outer(ticketKey(0), ticket),
      outer(ticketKey(1), undefined),
      outer(day(1), undefined),
      inner(referenceKey('known'), reference),
      inner(referenceKey('unknown'), undefined),
    ],
  }
}

export function blockProofOf(): BlockProof {
  const header = headerOf({ height: 2 })
  const hash = blockHashOf(header)
  const { history, root } = historyOf({ header: hash })
  return {
    version: 1,
    anchor: anchorOf({ height: 3, stateRoot: hashOf('state'), historyRoot: root }),
    history,
    header,
    hash,
  }
}
