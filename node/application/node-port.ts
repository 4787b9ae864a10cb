import { decode, toHex } from '@tallystick/core/codec'
import {
  type Anchor,
  type Block,
  batch,
  block,
  blockHashOf,
  type FinalityProof,
  finalityProof,
  type Genesis,
  ledgerOf,
  type StoredTransaction,
  type TransactionId,
  transactionIdOf,
} from '@tallystick/core/protocol'
import type {
  BlockSummary,
  BlockView,
  EventFilter,
  NodeEvent,
  NodePort,
  NodeStatus,
  SubmitResult,
  TransactionStatus,
} from '../api/index.ts'
import type { ExecutorHandle } from '../executor/index.ts'
import type { Mempool } from '../mempool/index.ts'
import type { FinalChain } from './final-chain.ts'
import type { BlockFilesPort } from './ports.ts'
import type { KnownStatus } from './transaction-statuses.ts'

export interface NodePortOptions {
  readonly genesis: Genesis
  readonly genesisText: string
  readonly chain: FinalChain
  readonly blocks: BlockFilesPort
  readonly executor: ExecutorHandle
  readonly mempool: Mempool
  status(): Omit<NodeStatus, 'heights' | 'mempool' | 'ledger' | 'finalTimeMs'>
  metrics(): Promise<string>
}

/** What the API asks of the node, answered from the chain, the executor's store and the mempool. */
export function createNodePort(options: NodePortOptions): NodePort {
  const { genesis, genesisText, chain, blocks, executor, mempool } = options
  const ledger = ledgerOf(genesis)

  /** The newest certified header above everything that is proven; `undefined` while only genesis is final. */
  const anchor = (): Anchor | undefined => {
    const { header, finalization } = chain.certified
    if (finalization === undefined) return undefined
    const finality: FinalityProof = { kind: 'simplex', proposal: finalization.proposal, quorum: finalization.quorum }
    return { ledger, epochs: [], header, finality }
  }

  async function statusesOf(ids: readonly TransactionId[]): Promise<TransactionStatus[]> {
    const { proven } = chain.heights.current
    const finalTimeMs = chain.certified.header.timeMs
    const known = ids.map((id) => chain.statuses.get(id))
    // Before anybody is told that it did not happen, the store is asked: another copy may have been executed long ago.
    const isOpen = (status: KnownStatus | undefined): boolean =>
      status === undefined ||
      (status.status === 'received' && (status.passedOver || status.validUntilMs <= finalTimeMs))
    const asked = ids.filter((_, i) => isOpen(known[i]))
    const outcomes = asked.length === 0 ? [] : await executor.query('outcomes', asked)
    let next = 0
    return known.map((status): TransactionStatus => {
      const outcome = isOpen(status) ? outcomes[next++] : undefined
      if (outcome !== undefined) return { status: outcome.height <= proven ? 'proven' : 'executed', ...outcome }
      if (status === undefined) return { status: 'unknown' }
      if (status.status === 'executed') return { ...status, status: status.height <= proven ? 'proven' : 'executed' }
      if (status.status === 'final') return status
      return { status: status.validUntilMs <= finalTimeMs ? 'expired' : 'received' }
    })
  }

  async function summary(height: number): Promise<(BlockSummary & { value: Block | undefined }) | undefined> {
    const stored = height === 0 ? undefined : blocks.read(height)
    if (stored === undefined) return undefined
    const value = decode(block, stored.block)
    const executed = await executor.query('block', height)
    return {
      hash: blockHashOf(value.header),
      header: value.header,
      executed: executed && { receiptsRoot: executed.record.receiptsRoot, stateRoot: executed.record.stateRoot },
      value,
    }
  }

  async function eventsOf(
    height: number,
    fromIndex: number,
    limit: number,
    filter: EventFilter | undefined,
  ): Promise<NodeEvent[]> {
    const stored = await executor.query('block', height)
    if (stored === undefined) return []
    const touched = await executor.query('touched', height, { fromIndex, limit, events: filter })
    const events = touched.map((of, i): NodeEvent => ({ kind: 'receipt', height, index: fromIndex + i, ...of }))
    const index = stored.receipts.length
    if (index >= fromIndex && index < fromIndex + limit)
      events.push({ kind: 'executed', height, index, timeMs: stored.timeMs })
    return events
  }

  return {
    genesis,
    genesisText,
    async status() {
      const { transactions, bytes } = mempool.waiting
      const { timeMs: finalTimeMs } = chain.certified.header
      return {
        ...options.status(),
        ledger,
        finalTimeMs,
        heights: chain.heights.current,
        mempool: { transactions, bytes },
      }
    },
    metrics: options.metrics,

    async submit(form, encoded): Promise<SubmitResult> {
      const { halted } = options.status()
      if (halted !== undefined) {
        return { kind: 'refused', code: 'NODE_NOT_READY', detail: `the node has stopped: ${halted.code}` }
      }
      const result = await mempool.submit(form, encoded)
      if (result.kind === 'malformed') return result
      if (result.kind === 'refused') {
        const { problem, detail, retryAfterSeconds } = result
        return { kind: 'refused', code: problem, detail, retryAfterSeconds }
      }
      const outcomes = result.transactions.map((transaction) => {
        const { id, status } = transaction
        if (status === 'refused') return { id, status, code: transaction.problem, detail: transaction.detail }
        chain.statuses.received(id, transaction.validUntilMs)
        return { id, status }
      })
      return { kind: 'answered', outcomes, retryAfterSeconds: result.retryAfterSeconds }
    },
    statusesOf,
    async transaction(id) {
      const executed = await executor.query('transaction', id)
      if (executed !== undefined) return executed
      const status = chain.statuses.get(id)
      return status?.status === 'final' ? findInBlock(blocks, status.height, id) : undefined
    },

    async receipt(id) {
      const stored = await executor.query('receipt', id)
      if (stored === undefined) return undefined
      const { receipt, items, entries, events } = stored
      return {
        receipt,
        items: items.map(({ item }) => item),
        entries: entries.map(({ entry }) => entry),
        events: events.map(({ event }) => event),
      }
    },
    async receiptProof(id, wanted) {
      const above = anchor()
      if (above === undefined) return 'unknown'
      const parts = await executor.query('receiptParts', id, wanted, above.header.executed.height)
      if (parts === undefined) return (await statusesOf([id]))[0]!.status === 'unknown' ? 'unknown' : 'pending'
      return parts === 'pending' ? 'pending' : { version: 1, anchor: above, ...parts }
    },
    async stateProof(keys) {
      const above = anchor()
      if (above === undefined) return 'pending'
      const entries = await executor.query('stateEntries', keys, above.header.executed.height)
      return entries === undefined ? 'pending' : { version: 1, anchor: above, entries }
    },
    async blockProof(height) {
      const above = anchor()
      const found = await summary(height)
      if (found === undefined) return 'unknown'
      if (above === undefined) return 'pending'
      const history = await executor.query('historyProof', height, above.header.executed.height)
      const { header, hash } = found
      return history === undefined ? 'pending' : { version: 1, anchor: above, history, header, hash }
    },

    account: (account) => executor.query('account', account),
    asset: (asset) => executor.query('asset', asset),
    member: (member) => executor.query('member', member),
    listAccounts: (page) => executor.query('accounts', page),
    listAssets: (page) => executor.query('assets', page),
    listMembers: (page) => executor.query('members', page),
    positionsOf: (account, page) => executor.query('positions', account, page),
    entriesOf: (account, asset, fromSequence, limit) => executor.query('entries', account, asset, fromSequence, limit),
    references: (lookups) => executor.query('referenceUses', lookups),

    contract: (contract) => executor.query('contract', contract),
    listContracts: (page) => executor.query('contracts', page),
    code: (hash) => executor.query('code', hash),
    contractRows: (contract, asked) => executor.query('contractRows', contract, asked),
    contractBookings: (contract, limit) => executor.query('contractBookings', contract, limit),
    contractView: (contract, view, input, fuelMax) => executor.query('view', contract, view, input, fuelMax),
    contractNotes: (contract, after, limit) => executor.query('contractNotes', contract, after, limit),

    async block(height) {
      const found = await summary(height)
      if (found === undefined) return undefined
      const { value, ...view } = found
      const executed = await executor.query('block', height)
      const finality = blocks.read(height)?.finality
      const transactions = executed?.receipts.map(({ id, result }) => ({ id, result })) ?? orderedIds(blocks, height)
      return { ...view, transactions, finality: finality && decode(finalityProof, finality) } satisfies BlockView
    },
    async blocks(fromHeight, limit) {
      const summaries: BlockSummary[] = []
      const end = Math.min(chain.heights.current.final, fromHeight + limit - 1)
      for (let height = Math.max(1, fromHeight); height <= end; height++) {
        const { value: _, ...view } = (await summary(height))!
        summaries.push(view)
      }
      return summaries
    },

    async eventsAfter(after, limit, filter) {
      const events: NodeEvent[] = []
      let from = after.index + 1
      for (let height = Math.max(after.height, 0); height <= chain.heights.current.executed; height++) {
        events.push(...(await eventsOf(height, height === after.height ? from : 0, limit - events.length, filter)))
        if (events.length >= limit) break
        from = 0
      }
      return events
    },
    watchHeights: (listener) => chain.heights.watch(listener),
  }
}

function findInBlock(blocks: BlockFilesPort, height: number, id: TransactionId): StoredTransaction | undefined {
  const hex = toHex(id)
  for (const encoded of blocks.read(height)?.batches ?? []) {
    const found = decode(batch, encoded).transactions.find(({ body }) => toHex(transactionIdOf(body)) === hex)
    if (found !== undefined) return { kind: 'whole', transaction: found }
  }
  return undefined
}

function orderedIds(blocks: BlockFilesPort, height: number): { id: TransactionId; result: undefined }[] {
  const batches = (blocks.read(height)?.batches ?? []).map((encoded) => decode(batch, encoded))
  return batches.flatMap(({ transactions }) =>
    transactions.map(({ body }) => ({ id: transactionIdOf(body), result: undefined })),
  )
}
