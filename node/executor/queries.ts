import { decode, equalBytes } from '@tallystick/core/codec'
import { valuesOf } from '@tallystick/core/crypto'
import type { CallEnd, ExecutedReceipt, NumberedBooking, ProvenKey } from '@tallystick/core/ledger'
import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type AssetRecord,
  type CodeHash,
  type ContractCode,
  type ContractId,
  type ContractRecord,
  type ContractRow,
  type HistoryProof,
  type JsonValue,
  type MemberId,
  type MemberRecord,
  type PositionRecord,
  type ReferenceRecord,
  referenceRecord,
  type StateProofEntry,
  type StoredTransaction,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { DescribedContract, RowsAsked, RowsPage } from './asked-contracts.ts'
import type { StoredNote } from './contract-notes.ts'
import type { Executor } from './executor.ts'
import { historyProofOf, type ReceiptParts, type ReceiptProver, type WantedParts } from './receipt-parts.ts'
import { readStatement } from './statement.ts'
import { after, fromBigEndian, joined, prefix, referenceUsesStart } from './store-keys.ts'
import {
  type Outcome,
  readBlock,
  readOutcome,
  readReceipt,
  readTouched,
  readTransaction,
  type StoredBlock,
  type TouchedAsked,
} from './stored-blocks.ts'
import type { StoredEntry, TouchedAccounts } from './stored-receipts.ts'

export interface Listed<Id, R> {
  readonly id: Id
  readonly record: R
}

/** Without what only proofs need. */
interface ShownReceipt extends Pick<ExecutedReceipt, 'receipt' | 'items' | 'entries' | 'events'> {}

interface PageOf {
  readonly after?: Uint8Array | undefined
  readonly limit: number
}

/** The tags of stateKey's kinds, which are the second byte of their keys. */
const tag = { member: 1, account: 2, position: 3, asset: 4, contract: 9 } as const
/** Texts of one page of rows; the first row is always there. */
const rowBytesMax = 1_048_576

/** What other threads may ask the executor. Each is one message and one answer. */
export function queriesOf(executor: Executor, prover: ReceiptProver) {
  const { ledger, store } = executor

  /** Sorted by id: the index has the keys, the ledger the records. */
  async function list<Id, R>(
    start: Uint8Array,
    recordOf: (id: Id) => R | undefined,
    page: PageOf,
    keep?: (record: R) => boolean,
  ): Promise<Listed<Id, R>[]> {
    const from = page.after === undefined ? { gte: start } : { gt: Uint8Array.from([...start, ...page.after]) }
    const listed: Listed<Id, R>[] = []
    for await (const key of store.index.keys({ ...from, lt: after(start) })) {
      const id = key.slice(start.length) as Id
      const record = recordOf(id)
      if (record === undefined || keep?.(record) === false) continue
      listed.push({ id, record })
      if (listed.length >= page.limit) break
    }
    return listed
  }

  return {
    height: (): number => executor.height,
    /** Whether a block of that time would change the state by itself. */
    dueWork: (timeMs: number): boolean => ledger.dueWork(timeMs),
    /** Where and how each transaction was executed. */
    outcomes: (ids: readonly TransactionId[]): (Outcome | undefined)[] => ids.map((id) => readOutcome(executor, id)),
    rootsAt: (height: number) => executor.rootsAt(height),
    block: (height: number): StoredBlock | undefined => readBlock(executor, height),
    /** With all its items, entries and events, in the order of their lists. */
    receipt(id: TransactionId): ShownReceipt | undefined {
      const opened = readReceipt(executor, id)
      if (opened === undefined) return undefined
      const { receipt, items, entries, events } = opened
      return { receipt, items: valuesOf(items), entries: valuesOf(entries), events: valuesOf(events) }
    },
    /** `undefined` for a derived transaction, and for one that is not executed. */
    transaction: (id: TransactionId): StoredTransaction | undefined => readTransaction(executor, id),
    /** Receipts of a block from an index on, with the accounts whose positions each touched. */
    touched: (height: number, asked: TouchedAsked): TouchedAccounts[] => readTouched(executor, height, asked),
    receiptParts: (
      id: TransactionId,
      wanted: WantedParts,
      certifiedHeight: number,
    ): ReceiptParts | 'pending' | undefined => prover.prove(id, wanted, certifiedHeight),
    historyProof: (height: number, certifiedHeight: number): HistoryProof | undefined =>
      historyProofOf(executor, height, certifiedHeight),
    /** `undefined` if the height is no longer, or not yet, provable. */
    stateEntries(keys: readonly ProvenKey[], atHeight: number): StateProofEntry[] | undefined {
      if (atHeight > ledger.height) return undefined
      if (atHeight >= ledger.provableFrom) return ledger.prove(keys, atHeight)
      // After a restart only the newest height can be proven, which is the same state if the blocks since changed nothing.
      const roots = executor.rootsAt(atHeight)
      return roots !== undefined && equalBytes(roots.stateRoot, ledger.stateRoot) ? ledger.prove(keys) : undefined
    },
    account: (account: AccountId): AccountRecord | undefined => ledger.get({ kind: 'account', account }),
    asset: (asset: AssetId): AssetRecord | undefined => ledger.get({ kind: 'asset', asset }),
    member: (member: MemberId): MemberRecord | undefined => ledger.get({ kind: 'member', member }),
    accounts: (page: PageOf & { readonly member?: MemberId }): Promise<Listed<AccountId, AccountRecord>[]> => {
      const { member } = page
      const ofMember = member && (({ member: other }: AccountRecord) => Buffer.compare(member, other) === 0)
      const recordOf = (account: AccountId) => ledger.get<'account'>({ kind: 'account', account })
      return list(joined(prefix.record, Uint8Array.of(tag.account)), recordOf, page, ofMember)
    },
    assets: (page: PageOf): Promise<Listed<AssetId, AssetRecord>[]> => {
      const recordOf = (asset: AssetId) => ledger.get<'asset'>({ kind: 'asset', asset })
      return list(joined(prefix.record, Uint8Array.of(tag.asset)), recordOf, page)
    },
    members: (page: PageOf): Promise<Listed<MemberId, MemberRecord>[]> => {
      const recordOf = (member: MemberId) => ledger.get<'member'>({ kind: 'member', member })
      return list(joined(prefix.record, Uint8Array.of(tag.member)), recordOf, page)
    },
    positions: (account: AccountId, page: PageOf): Promise<Listed<AssetId, PositionRecord>[]> => {
      const recordOf = (asset: AssetId) => ledger.get<'position'>({ kind: 'position', account, asset })
      return list(joined(prefix.record, Uint8Array.of(tag.position), account), recordOf, page)
    },
    entries(account: AccountId, asset: AssetId, fromSequence: number, limit: number): StoredEntry[] {
      const position = ledger.get<'position'>({ kind: 'position', account, asset })
      const page = { account, asset, fromSequence, limit }
      return readStatement(store.index, executor.receipts, ledger, position, page)
    },
    contract(contract: ContractId): DescribedContract | undefined {
      const record = ledger.get<'contract'>({ kind: 'contract', contract })
      if (record === undefined) return undefined
      const { manifest } = ledger.get<'contract-code'>({ kind: 'contract-code', code: record.code })!
      return { record, manifest }
    },
    code: (code: CodeHash): ContractCode | undefined => ledger.get({ kind: 'contract-code', code }),
    contracts: (page: PageOf & { readonly member?: MemberId }): Promise<Listed<ContractId, ContractRecord>[]> => {
      const { member } = page
      const ofMember = member && (({ member: other }: ContractRecord) => Buffer.compare(member, other) === 0)
      const recordOf = (contract: ContractId) => ledger.get<'contract'>({ kind: 'contract', contract })
      return list(joined(prefix.record, Uint8Array.of(tag.contract)), recordOf, page, ofMember)
    },
    /** Calls a view as the state stands now. */
    view: (
      contract: ContractId,
      name: string,
      input: JsonValue,
      fuelMax: number,
    ): { readonly height: number; readonly end: CallEnd } => {
      return { height: executor.height, end: ledger.view(contract, name, input, fuelMax).end }
    },
    contractRows(contract: ContractId, { limit, ...range }: RowsAsked): RowsPage | undefined {
      const record = ledger.get<'contract'>({ kind: 'contract', contract })
      if (record === undefined) return undefined
      const rows: ContractRow[] = []
      let bytes = 0
      let next: string | undefined
      for (const row of ledger.contractRows(contract, range)) {
        bytes += row.key.length + row.value.length
        if (rows.length === limit || (rows.length > 0 && bytes > rowBytesMax)) {
          next = range.reverse ? rows.at(-1)!.key : row.key
          break
        }
        rows.push(row)
      }
      return { height: executor.height, generation: record.generation, rows, next }
    },
    /** In the order in which they are due. */
    contractBookings: (contract: ContractId, limit: number): NumberedBooking[] | undefined =>
      ledger.get({ kind: 'contract', contract }) && ledger.contractBookings(contract).slice(0, limit),
    contractNotes: (contract: ContractId, after: number | undefined, limit: number): StoredNote[] =>
      executor.notes.of(contract, after, limit),
    /** The uses of each reference, over all business days that were ever used. */
    async referenceUses(
      lookups: readonly { readonly member: Uint8Array; readonly key: Uint8Array }[],
    ): Promise<{ businessDay: number; record: ReferenceRecord }[][]> {
      const uses = []
      for (const { member, key } of lookups) {
        const start = referenceUsesStart(member, key)
        const found = await store.index.iterator({ gte: start, lt: after(start), limit: 1_024 }).all()
        uses.push(
          found.map(([at, value]) => ({
            businessDay: fromBigEndian(at.subarray(start.length)),
            record: decode(referenceRecord, value),
          })),
        )
      }
      return uses
    },
  }
}

export type Queries = ReturnType<typeof queriesOf>
export type QueryName = keyof Queries
