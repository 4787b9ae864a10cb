import { type Codec, decode, equalBytes } from '@tallystick/core/codec'
import type { ProvenKey } from '@tallystick/core/ledger'
import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type AssetRecord,
  accountRecord,
  assetRecord,
  type HistoryProof,
  type MemberId,
  type MemberRecord,
  memberRecord,
  type PositionRecord,
  positionRecord,
  type ReferenceRecord,
  type ResultCode,
  referenceRecord,
  type StateProofEntry,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { Executor } from './executor.ts'
import {
  historyProofOf,
  type ReceiptParts,
  type ReceiptProver,
  readBlock,
  readReceipt,
  type WantedParts,
} from './receipt-parts.ts'
import { after, entriesStart, entryKey, fromBigEndian, joined, prefix, referenceUsesStart } from './store-keys.ts'
import { type StoredBlock, type StoredEntry, type StoredReceipt, storedEntry } from './stored-forms.ts'

export interface Listed<Id, R> {
  readonly id: Id
  readonly record: R
}

export interface Outcome {
  readonly height: number
  readonly index: number
  readonly result: ResultCode
}

interface PageOf {
  readonly after?: Uint8Array | undefined
  readonly limit: number
}

/** The tags of stateKey's kinds, which are the second byte of their keys. */
const tag = { member: 1, account: 2, position: 3, asset: 4 } as const

/** What other threads may ask the executor. Each is one message and one answer. */
export function queriesOf(executor: Executor, prover: ReceiptProver) {
  const { database, ledger } = executor

  async function list<Id, R>(
    start: Uint8Array,
    codec: Codec<R>,
    page: PageOf,
    keep?: (record: R) => boolean,
  ): Promise<Listed<Id, R>[]> {
    const from = page.after === undefined ? { gte: start } : { gt: Uint8Array.from([...start, ...page.after]) }
    const listed: Listed<Id, R>[] = []
    for await (const [key, value] of database.iterator({ ...from, lt: after(start) })) {
      const record = decode(codec, value.subarray(32))
      if (keep?.(record) === false) continue
      listed.push({ id: key.slice(start.length) as Id, record })
      if (listed.length >= page.limit) break
    }
    return listed
  }

  return {
    height: (): number => executor.height,
    /** Whether a block of that time would change the state by itself. */
    dueWork: (timeMs: number): boolean => ledger.dueWork(timeMs),
    /** Where and how each transaction was executed. */
    outcomes: (ids: readonly TransactionId[]): (Outcome | undefined)[] =>
      ids.map((id) => {
        const stored = readReceipt(database, id)
        if (stored === undefined) return undefined
        const { position, result } = stored.receipt
        return { height: position.height, index: position.index, result }
      }),
    rootsAt: (height: number) => executor.rootsAt(height),
    block: (height: number): StoredBlock | undefined => readBlock(database, height),
    receipt: (id: TransactionId): StoredReceipt | undefined => readReceipt(database, id),
    receiptParts: (
      id: TransactionId,
      wanted: WantedParts,
      certifiedHeight: number,
    ): ReceiptParts | 'pending' | undefined => prover.prove(id, wanted, certifiedHeight),
    historyProof: (height: number, certifiedHeight: number): HistoryProof | undefined =>
      historyProofOf(database, height, certifiedHeight),
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
      return list(joined(prefix.record, Uint8Array.of(tag.account)), accountRecord, page, ofMember)
    },
    assets: (page: PageOf): Promise<Listed<AssetId, AssetRecord>[]> =>
      list(joined(prefix.record, Uint8Array.of(tag.asset)), assetRecord, page),
    members: (page: PageOf): Promise<Listed<MemberId, MemberRecord>[]> =>
      list(joined(prefix.record, Uint8Array.of(tag.member)), memberRecord, page),
    positions: (account: AccountId, page: PageOf): Promise<Listed<AssetId, PositionRecord>[]> =>
      list(joined(prefix.record, Uint8Array.of(tag.position), account), positionRecord, page),
    async entries(account: AccountId, asset: AssetId, fromSequence: number, limit: number): Promise<StoredEntry[]> {
      const range = { gte: entryKey(account, asset, fromSequence), lt: after(entriesStart(account, asset)), limit }
      return (await database.values(range).all()).map((value) => decode(storedEntry, value))
    },
    /** The uses of each reference, over all business days that were ever used. */
    async referenceUses(
      lookups: readonly { readonly member: Uint8Array; readonly key: Uint8Array }[],
    ): Promise<{ businessDay: number; record: ReferenceRecord }[][]> {
      const uses = []
      for (const { member, key } of lookups) {
        const start = referenceUsesStart(member, key)
        const found = await database.iterator({ gte: start, lt: after(start), limit: 1_024 }).all()
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
