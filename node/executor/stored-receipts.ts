import { decode, equalBytes, toHex } from '@tallystick/core/codec'
import { type Hash, HashBatch, listTree, type TreeList } from '@tallystick/core/crypto'
import { type OpenedReceipt, openTransfers } from '@tallystick/core/ledger'
import {
  type AccountId,
  type AssetId,
  blindingSalt,
  type Component,
  type ContractId,
  componentLeaf,
  componentsOf,
  type Entry,
  entryLeaf,
  eventLeaf,
  itemLeaf,
  type LedgerId,
  type PositionTotals,
  plainComponents,
  type ReceiptEvent,
  readPlainTransfers,
  receiptBlind,
  receiptLeaf,
  receiptListKind,
  type StoredTransaction,
  type Transaction,
  type TransactionId,
  transaction,
  transferAt,
} from '@tallystick/core/protocol'
import { ExecutorError } from './errors.ts'
import {
  type DetailsHead,
  readDetails,
  readDetailsHead,
  readEntryLine,
  readTransferLine,
  type TransfersDetails,
  type WholeDetails,
} from './read-details.ts'
import type { ResultRow, ResultsLog } from './results-log.ts'
import type { TransactionSource } from './transaction-source.ts'

/** A receipt with everything that proofs under it need. */
export interface StoredReceipt extends OpenedReceipt {
  /** What contracts told. */
  readonly events: TreeList<{ readonly event: ReceiptEvent; readonly blind: Hash }>
  /** The transaction's components: the envelope, then each action. Absent for derived transactions. */
  readonly components: TreeList<Component> | undefined
}

/** One line of a position's statement. */
export interface StoredEntry {
  readonly entry: Entry
  readonly blind: Hash
  readonly transaction: TransactionId
  readonly height: number
  readonly index: number
  readonly timeMs: number
}

/** A receipt as event streams tell it. */
export interface TouchedAccounts extends Pick<ResultRow, 'id' | 'result'> {
  /** Whose positions it touched. */
  readonly accounts: readonly AccountId[]
  /** How many events contracts told, and those of them that were asked for, or the first of many. */
  readonly eventCount: number
  readonly events: readonly ReceiptEvent[]
}

/** Events of one contract. */
export interface EventFilter {
  readonly contract: ContractId
  readonly topic?: string | undefined
}

const eventsShownMax = 64
const eventBytesShownMax = 32_768

/** An entry, and the pointer of its position's entry before; 0 if it is the first. */
export interface LinkedEntry {
  readonly stored: StoredEntry
  readonly before: number
}

/** Makes receipts and statement lines from what the results log and the block files have. */
export class StoredReceipts {
  readonly #log: ResultsLog
  readonly #transactions: TransactionSource
  readonly #ledger: LedgerId
  readonly #hashes = new HashBatch()

  constructor(log: ResultsLog, transactions: TransactionSource, ledger: LedgerId) {
    this.#log = log
    this.#transactions = transactions
    this.#ledger = ledger
  }

  /** @throws {ExecutorError} `STORE_DAMAGED` if what is made is not what was executed. */
  receipt(recordAt: number, index: number): StoredReceipt {
    const row = this.#log.row(recordAt, index)
    const details = this.#log.parse(row.detailsAt, (reader) => readDetails(reader, row.detailsAt))
    const encoded = this.#transactionOf(details)
    const made = details.kind === 'whole' ? openWhole(details, encoded) : this.#transfers(details, encoded, row.id)
    const isRight = made !== undefined && equalBytes(made.receipt.id, row.id)
    const isTransaction = made?.components === undefined || equalBytes(made.components.tree.root, row.id)
    if (!isRight || !isTransaction || !equalBytes(receiptLeaf(made.receipt), row.leaf)) {
      throw new ExecutorError('STORE_DAMAGED', `the receipt of ${toHex(row.id)}`)
    }
    return made
  }

  /** The transaction alone, which costs far less than its receipt; `undefined` for a derived one. */
  transaction(recordAt: number, index: number): StoredTransaction | undefined {
    const { detailsAt } = this.#log.row(recordAt, index)
    const encoded = this.#transactionOf(this.#log.parse(detailsAt, (reader) => readDetailsHead(reader, detailsAt)))
    return encoded && { kind: 'whole', transaction: decode(transaction, encoded) }
  }

  #transfers(details: TransfersDetails, encoded: Uint8Array | undefined, id: TransactionId): StoredReceipt | undefined {
    const plain = encoded && readPlainTransfers(encoded, 0)
    if (plain?.count !== details.results.length) return undefined
    const { index, results, lines } = details
    const { roots, timeMs } = this.#log.head(details.recordAt)
    const at = { ledger: this.#ledger, height: roots.height, timeMs, index }
    const opened = openTransfers(this.#hashes, { id, plain, ...at, results, lines })
    return { ...opened, events: noEvents, components: plainComponents(this.#hashes, plain) }
  }

  /** The encoded transaction, or only the piece of it that is asked for. */
  #transactionOf({ recordAt, place, inline }: DetailsHead, from = 0, length?: number): Uint8Array | undefined {
    if (inline !== undefined) return length === undefined ? inline : inline.slice(from, from + length)
    if (place === undefined) return undefined
    const { files, roots } = this.#log.head(recordAt)
    const wanted = { part: place.part, offset: place.offset + from, length: length ?? place.length }
    return this.#transactions.read(roots.height, files!, wanted)
  }

  /** @param wanted - Events to show; none without it. */
  touched(recordAt: number, index: number, wanted?: EventFilter): TouchedAccounts {
    const { id, result, detailsAt } = this.#log.row(recordAt, index)
    const details = this.#log.parse(detailsAt, (reader) => readDetails(reader, detailsAt))
    const accounts = new Map<string, AccountId>()
    const add = (account: AccountId) => accounts.set(toHex(account), account)
    if (details.kind === 'whole') for (const { entry } of details.entries) add(entry.account)
    else {
      const { bytes, accountAt, transfers } = readPlainTransfers(this.#transactionOf(details)!, 0)!
      for (const [action, number] of details.results.entries()) {
        if (number !== 0) continue
        const creditAt = transfers[action]! + transferAt.credit
        for (const at of [accountAt, creditAt]) add(bytes.slice(at, at + 32) as AccountId)
      }
    }
    const told = details.kind === 'whole' ? details.events.map(({ event }) => event) : []
    const events = wanted === undefined ? [] : firstOf(told.filter((event) => isWanted(event, wanted)))
    return { id, result, accounts: [...accounts.values()], eventCount: told.length, events }
  }

  /** The entry of a position that a pointer leads to. */
  entry(pointer: number, account: AccountId, asset: AssetId): LinkedEntry {
    const lineAt = Math.floor(pointer / 2)
    return this.#log.parse(lineAt, (reader) => {
      const detailsAt = lineAt - reader.number()
      const head = this.#log.parse(detailsAt, (start) => {
        const found = readDetailsHead(start, detailsAt)
        return { ...found, nonceAt: found.kind === 'transfers' ? start.number() : 0 }
      })
      const { recordAt, index } = head
      const { roots, timeMs } = this.#log.head(recordAt)
      const { id } = this.#log.row(recordAt, index)
      const at = { transaction: id, height: roots.height, index, timeMs }
      if (head.kind === 'whole') {
        const { line, toBefore } = readEntryLine(reader)
        return { stored: { ...line, ...at }, before: beforeOf(pointer, toBefore) }
      }
      const line = readTransferLine(reader)
      const isDebit = pointer % 2 === 0
      const { numbers, toBefore } = isDebit ? line.debit : line.credit
      const nonce = this.#transactionOf(head, head.nonceAt, 16)!
      const side = isDebit ? 'debit' : 'credit'
      const shared = { account, asset, sequence: numbers[0]!, kind: 'posted', side } as const
      const entry = { ...shared, amount: BigInt(line.amount), action: line.action, after: totalsOf(numbers) }
      const blind = receiptBlind(blindingSalt(nonce, line.action + 1), isDebit ? 1 : 2)
      return { stored: { entry, blind, ...at }, before: beforeOf(pointer, toBefore) }
    })
  }
}

/** As many as a reader of events is shown of one receipt: at least one. */
function firstOf(events: readonly ReceiptEvent[]): ReceiptEvent[] {
  let bytes = 0
  const end = events.findIndex(({ data }, i) => {
    bytes += data.length
    return i === eventsShownMax || (i > 0 && bytes > eventBytesShownMax)
  })
  return events.slice(0, end < 0 ? events.length : end)
}

function isWanted({ source, topic }: ReceiptEvent, wanted: EventFilter): boolean {
  return equalBytes(source, wanted.contract) && (wanted.topic === undefined || wanted.topic === topic)
}

function openWhole({ receipt, items, entries, events }: WholeDetails, encoded: Uint8Array | undefined): StoredReceipt {
  return {
    receipt,
    items: listed(
      receiptListKind.items,
      items,
      items.map(({ item, blind }) => itemLeaf(item, blind)),
    ),
    entries: listed(
      receiptListKind.entries,
      entries,
      entries.map(({ entry, blind }) => entryLeaf(entry, blind)),
    ),
    events: listed(
      receiptListKind.events,
      events,
      events.map(({ event, blind }) => eventLeaf(event, blind)),
    ),
    components: encoded && listedComponents(decode(transaction, encoded)),
  }
}

function listedComponents({ body }: Transaction): TreeList<Component> {
  const components = componentsOf(body)
  const leaves = components.map(({ salt, encoded }, index) => componentLeaf(index, salt, encoded))
  return listed('transaction', components, leaves)
}

function listed<T>(kind: string, values: readonly T[], leaves: readonly Hash[]): TreeList<T> {
  return { length: values.length, at: (index) => values[index]!, tree: listTree(kind, leaves) }
}

/** Plain transfers have none. */
const noEvents: StoredReceipt['events'] = listed(receiptListKind.events, [], [])

function beforeOf(pointer: number, toBefore: number): number {
  return toBefore === 0 ? 0 : pointer - toBefore
}

function totalsOf(numbers: readonly number[]): PositionTotals {
  const [debitsPosted, debitsPending, creditsPosted, creditsPending] = numbers.slice(1).map(BigInt)
  return {
    debitsPosted: debitsPosted!,
    debitsPending: debitsPending!,
    creditsPosted: creditsPosted!,
    creditsPending: creditsPending!,
  }
}
