import { CodecError, compareBytes, decode, equalBytes, toHex } from '@tallystick/core/codec'
import {
  type AccountRecord,
  blockHashOf,
  ledgerOf,
  type ReceiptEvent,
  type ResultCode,
  submission,
  type Transaction,
  type TransactionId,
  transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import * as chain from '../../../client/testing/tiny-chain.ts'
import type {
  EventCursor,
  Heights,
  Listed,
  NodeEvent,
  NodePort,
  NodeStatus,
  Page,
  SubmitOutcome,
  TransactionStatus,
} from '../port.ts'

/** A node over the tiny chain, whose heights and answers a test moves. */
export class FakePort implements NodePort {
  readonly genesis = chain.genesisValue
  readonly genesisText = chain.genesisText
  readonly received = new Map<string, number>()
  readonly statuses = new Map<string, TransactionStatus>()
  readonly listeners = new Set<(heights: Heights) => void>()
  heights: Heights = { final: 2, executed: 1, proven: 1 }
  syncing = false
  halted: NodeStatus['halted']
  stored: NodeEvent[] = chain.receipts.map(({ id, result }, index) => ({
    kind: 'receipt',
    height: 1,
    index,
    id,
    result,
    accounts: index === 0 ? [chain.alice, chain.bob, chain.carol] : [],
    eventCount: chain.receiptOf(id)!.events.length,
    events: chain.receiptOf(id)!.events,
  }))
  /** Events before this height are gone. */
  firstHeight = 0

  constructor() {
    this.stored.push({ kind: 'executed', height: 1, index: chain.receipts.length, timeMs: 1 })
    for (const [index, { id, result }] of chain.receipts.entries()) {
      this.statuses.set(id.join(), { status: 'proven', height: 1, index, result })
    }
  }

  move(heights: Heights): void {
    this.heights = heights
    for (const listener of this.listeners) listener(heights)
  }

  setStatus(id: TransactionId, status: TransactionStatus): void {
    this.statuses.set(id.join(), status)
  }

  status: NodePort['status'] = async () => ({
    name: 'node-1',
    version: '0.1.0',
    ledger: ledgerOf(chain.genesisValue),
    role: 'validator',
    heights: this.heights,
    finalTimeMs: 1,
    epoch: 0,
    view: 2,
    peers: [{ name: 'node-2', connected: true }],
    mempool: { transactions: 0, bytes: 0 },
    syncing: this.syncing,
    halted: this.halted,
    alarms: [],
  })
  metrics: NodePort['metrics'] = async () => 'up 1\n'
  submit: NodePort['submit'] = async (form, encoded) => {
    const transactions = submittedIn(form, encoded)
    if (typeof transactions === 'string') return { kind: 'malformed', detail: transactions }
    const outcomes = transactions.map(({ body }): SubmitOutcome => {
      const id = transactionIdOf(body)
      if (body.payer[0] === 0) return { id, status: 'refused', code: 'TX_EXPIRED', detail: 'Its time is over.' }
      const times = (this.received.get(id.join()) ?? 0) + 1
      this.received.set(id.join(), times)
      return { id, status: times > 1 ? 'duplicate' : 'received' }
    })
    return { kind: 'answered', outcomes }
  }
  statusesOf: NodePort['statusesOf'] = async (ids) =>
    ids.map((id) => this.statuses.get(id.join()) ?? { status: this.received.has(id.join()) ? 'received' : 'unknown' })
  transaction: NodePort['transaction'] = async (id) => {
    const executed = chain.receiptOf(id)
    return executed && { kind: 'whole', transaction: executed.transaction }
  }
  receipt: NodePort['receipt'] = async (id) => chain.receiptOf(id)
  receiptProof: NodePort['receiptProof'] = async (id, parts) => chain.proveReceipt(id, parts) ?? 'unknown'
  stateProof: NodePort['stateProof'] = async (keys) => chain.proveState(keys)
  blockProof: NodePort['blockProof'] = async (height) =>
    height > this.heights.final ? 'unknown' : height > 1 ? 'pending' : chain.proveBlock(height)
  account: NodePort['account'] = async (id) =>
    this.#accounts.some((account) => equalBytes(account.id, id)) ? chain.accountRecord : undefined
  asset: NodePort['asset'] = async (id) => (equalBytes(id, chain.euro) ? chain.assetRecord : undefined)
  member: NodePort['member'] = async (id) => (equalBytes(id, chain.bank) ? chain.memberRecord : undefined)
  listAccounts: NodePort['listAccounts'] = async (page) => pageOf(this.#accounts, page)
  listAssets: NodePort['listAssets'] = async (page) => pageOf([{ id: chain.euro, record: chain.assetRecord }], page)
  listMembers: NodePort['listMembers'] = async (page) => pageOf([{ id: chain.bank, record: chain.memberRecord }], page)
  positionsOf: NodePort['positionsOf'] = async (_, page) =>
    pageOf([{ id: chain.euro, record: chain.position(123n, 1_000n, 3n) }], page)
  entriesOf: NodePort['entriesOf'] = async (account, _, fromSequence, limit) => {
    const { entries, entryBlinds, receipt } = chain.receiptOf(chain.packedId)!
    return entries
      .map((entry, i) => ({
        entry,
        blind: entryBlinds[i]!,
        transaction: receipt.id,
        height: 1,
        index: 0,
        timeMs: receipt.timeMs,
      }))
      .filter(({ entry }) => equalBytes(entry.account, account) && entry.sequence >= fromSequence)
      .slice(0, limit)
  }
  references: NodePort['references'] = async (lookups) =>
    lookups.map(({ key }) =>
      key[0] === 1
        ? [
            {
              businessDay: 20_000,
              record: {
                content: new Uint8Array(32),
                first: { id: chain.packedId, height: 1, index: 0, action: 0 },
              },
            },
          ]
        : [],
    )
  contract: NodePort['contract'] = async (id) =>
    equalBytes(id, chain.contract) ? { record: chain.contractRecord, manifest: chain.contractCode.manifest } : undefined
  listContracts: NodePort['listContracts'] = async (page) =>
    pageOf([{ id: chain.contract, record: chain.contractRecord }], page)
  code: NodePort['code'] = async (hash) => (equalBytes(hash, chain.code) ? chain.contractCode : undefined)
  contractRows: NodePort['contractRows'] = async (id, { from = '', to, limit }) => {
    if (!equalBytes(id, chain.contract)) return undefined
    const isIn = ({ key }: { key: string }) => key >= from && (to === undefined || key < to)
    const rows = [chain.contractRow].filter(isIn).slice(0, limit)
    return { height: 1, generation: 0, rows, next: undefined }
  }
  contractBookings: NodePort['contractBookings'] = async (id) =>
    equalBytes(id, chain.contract)
      ? [
          {
            number: 3,
            booking: {
              kind: 'schedule',
              name: 'beat',
              input: '{}',
              dueMs: 9,
              everyMs: undefined,
              fuel: 1,
              attempts: 0,
              runs: 0,
              hop: 0,
              cause: chain.calledId,
            },
          },
        ]
      : undefined
  contractView: NodePort['contractView'] = async (id, view, input) => {
    const failed = (result: ResultCode, message: string, code: string = result) =>
      ({ height: 1, end: { kind: 'failed', result, told: { code, message } } }) as const
    if (!equalBytes(id, chain.contract)) return failed('CONTRACT_UNKNOWN', '')
    if (view !== 'total') return failed('CONTRACT_ACTION_UNKNOWN', view)
    const { name } = (input ?? {}) as { name?: unknown }
    if (typeof name !== 'string') return failed('CONTRACT_INPUT_INVALID', 'input.name: missing')
    if (name === 'closed') return failed('CONTRACT_REFUSED', 'It is closed.', 'NOT_TODAY')
    return { height: 1, end: { kind: 'done', output: name === 'a' ? '7' : undefined } }
  }
  contractNotes: NodePort['contractNotes'] = async (_, after = 0) =>
    [1, 2]
      .filter((number) => number > after)
      .map((number) => ({
        number,
        height: 1,
        timeMs: 1,
        ...(number === 2 && { code: toHex(chain.code) }),
        transaction: toHex(chain.calledId),
        action: 0,
        name: 'add',
        fuelUsed: 9,
        lines: [`line ${number}`],
        ...(number === 2 && { stack: 'at add (contract:1:1)' }),
      }))
  block: NodePort['block'] = async (height) => {
    const header = chain.headers[height]
    if (header === undefined) return undefined
    const transactions = height === 1 ? chain.receipts.map(({ id, result }) => ({ id, result })) : []
    return { hash: blockHashOf(header), header, executed: undefined, finality: chain.anchor.finality, transactions }
  }
  blocks: NodePort['blocks'] = async (from, limit) =>
    chain.headers
      .slice(from, from + limit)
      .map((header) => ({ hash: blockHashOf(header), header, executed: undefined }))
  eventsAfter: NodePort['eventsAfter'] = async (after, limit, filter) => {
    if (after.height < this.firstHeight) return 'gone'
    const stored = this.stored.filter((event) => isAfter(event, after)).slice(0, limit)
    const isWanted = ({ source, topic }: ReceiptEvent): boolean =>
      filter !== undefined && equalBytes(source, filter.contract) && (filter.topic ?? topic) === topic
    return stored.map((event) =>
      event.kind === 'receipt' ? { ...event, events: event.events.filter(isWanted) } : event,
    )
  }
  watchHeights: NodePort['watchHeights'] = (listener) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  get #accounts(): Listed<typeof chain.alice, AccountRecord>[] {
    return [chain.alice, chain.bob, chain.carol].map((id) => ({ id, record: chain.accountRecord }))
  }
}

function isAfter(event: NodeEvent, after: EventCursor): boolean {
  return event.height > after.height || (event.height === after.height && event.index > after.index)
}

function pageOf<Id extends Uint8Array, R>(all: Listed<Id, R>[], { after, limit }: Page<Id>): Listed<Id, R>[] {
  return all
    .sort((a, b) => compareBytes(a.id, b.id))
    .filter(({ id }) => after === undefined || compareBytes(id, after) > 0)
    .slice(0, limit)
}

/** What was submitted, or why it is malformed. */
export function submittedIn(form: 'one' | 'list', encoded: Uint8Array): Transaction[] | string {
  try {
    return form === 'one' ? [decode(transaction, encoded)] : decode(submission, encoded)
  } catch (error) {
    if (error instanceof CodecError) return error.message
    throw error
  }
}
