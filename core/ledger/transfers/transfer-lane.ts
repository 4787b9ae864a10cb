import { encode } from '../../codec/index.ts'
import type { HashBatch } from '../../crypto/index.ts'
import {
  type AccountId,
  type AssetId,
  blindingSalts,
  type MemberId,
  type MemberRecord,
  type PlainTransfers,
  positionRecord,
  type ResultCode,
  results,
  stateKey,
  statePath,
  type TransactionId,
  transferAt,
} from '../../protocol/index.ts'
import type { PlainTransaction, TransfersReceipt } from '../block-result.ts'
import type { BlockScope } from '../block-scope.ts'
import { emptyPosition } from '../positions.ts'
import { copy32 } from '../state/block-changes.ts'
import { nestedTag } from '../state/images.ts'
import type { NestedTable } from '../state/nested-table.ts'
import { positionField, positionKind, readCount, readTotal, writeCount, writeTotal } from '../state/position-bytes.ts'
import { blindBytes } from '../state/record-table.ts'
import { stateKeyText } from '../state/state-key-text.ts'
import { recentIdsKey } from '../windows.ts'
import { accountOf, equalAt, judgePlain, memberOf, type PlainAccount } from './judge-plain.ts'
import { LaneLines, type LaneTransaction, lineNumbers, overallOf } from './lane-results.ts'
import { TransferPlan } from './plan-transfers.ts'
import { sealTransfers } from './seal-transfers.ts'

/**
 * The fast lane: transactions that are nothing but transfers from one account, executed on the bytes of the positions, with
 * all hashes of many transactions taken together. It exists because objects, bigints and single hashes cost fifteen times
 * what the transfers themselves do; it says exactly what the general rules say (`transfer-lane.test.ts` compares them), and
 * leaves to them whatever is not plain.
 */
export class TransferLane {
  readonly #hashes: HashBatch
  #salts: Uint8Array = new Uint8Array(0)
  #saltsAt: number[] = []
  #executed: LaneTransaction[] = []
  #lines = new LaneLines()
  readonly #plan = new TransferPlan()
  #payer: { readonly id: MemberId; readonly record: MemberRecord } | undefined
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** The key of the minute that the last id went into. */
  #minute = -1
  #minuteText = ''
  readonly #idKey = new Uint8Array(33)
  readonly #idRecord = new Uint8Array(12)
  readonly #idRecordView = new DataView(this.#idRecord.buffer)

  constructor(hashes: HashBatch) {
    this.#hashes = hashes
  }

  /** Prepares the salts of transactions that follow each other; `execute` takes them by their place here. */
  prepare(items: readonly PlainTransaction[]): void {
    this.forget()
    this.#saltsAt = []
    let saltAt = 0
    for (const { plain } of items) {
      this.#saltsAt.push(saltAt)
      saltAt += plain.count + 1
    }
    this.#salts = blindingSalts(
      this.#hashes,
      items.map(({ plain }) => plain),
    )
  }

  /** To be called after anything else was executed: forgets what that may have changed. */
  forget(): void {
    this.#plan.forget()
    this.#payer = undefined
  }

  /** @returns false, having changed nothing, if the general rules have to do it. */
  execute(block: BlockScope, item: PlainTransaction, place: number, index: number, ordinal: number): boolean {
    const { plain, id } = item
    const view = this.#viewOf(plain.bytes)
    const account = judgePlain(block, plain, view)
    if (account === undefined || !this.#plan.make(block.state, plain, view, account.entry)) return false
    const ids = this.#idsOf(block, id, plain.validUntilMs)
    if (ids.find(this.#idKey) >= 0) return false
    const payer = this.#payerOf(block, account)
    const limits = { steps: plain.steps, writtenBytes: plain.writtenBytes }
    if (payer === undefined || !block.quota.charge(payer.id, payer.record, limits)) return false

    const saltAt = this.#saltsAt[place]!
    const salt = this.#salts.subarray(saltAt * 32, saltAt * 32 + 32)
    writeCount(this.#idRecordView, 0, block.height)
    this.#idRecordView.setUint32(8, index, true)
    ids.add(this.#idKey, this.#idRecord, salt)
    const firstLine = this.#lines.count
    const numbers = new Uint8Array(plain.count)
    for (let i = 0; i < plain.count; i++) {
      const result = this.#plan.problems[i] ?? this.#transfer(block, plain, i, (saltAt + 1 + i) * 32)
      numbers[i] = results[result].number
    }
    const result = overallOf(numbers)
    const lines = this.#lines.count - firstLine
    this.#executed.push({ id, plain, index, ordinal, saltAt, results: numbers, result, firstLine, lines })
    return true
  }

  /** Hashes what was executed since, and gives the receipts in order. */
  finish(block: BlockScope): TransfersReceipt[] {
    const executed = this.#executed
    if (executed.length === 0) return []
    const leaves = sealTransfers(block, this.#hashes, executed, this.#lines, this.#salts)
    const lines = this.#lines
    this.#executed = []
    this.#lines = new LaneLines()
    return executed.map(({ id, index, ordinal, results: numbers, result, firstLine, lines: count }, i) => ({
      kind: 'transfers',
      id,
      leaf: leaves.slice(i * 32, i * 32 + 32),
      result,
      index,
      ordinal,
      results: numbers,
      lines: lines.numbers.subarray(firstLine * lineNumbers, (firstLine + count) * lineNumbers),
      positions: lines.positions.subarray(firstLine, firstLine + count),
    }))
  }

  /** The minute's ids that a transaction's belongs to; `#idKey` is its key there. */
  #idsOf({ state }: BlockScope, id: TransactionId, validUntilMs: number): NestedTable {
    const window = recentIdsKey(validUntilMs)
    if (window.minute !== this.#minute) {
      this.#minute = window.minute
      this.#minuteText = stateKeyText(window)
    }
    this.#idKey[0] = nestedTag['recent-id']
    copy32(id, 0, this.#idKey, 1)
    return state.openNested(this.#minuteText, 'recent-id')
  }

  /** The account's member, whose quota the transaction uses; the quota itself changes by other actions only. */
  #payerOf({ state }: BlockScope, account: PlainAccount) {
    if (this.#payer === undefined || !equalAt(this.#payer.id, 0, account.bytes, account.memberAt, 32)) {
      const id = memberOf(account)
      const record = state.member(id)
      this.#payer = record && { id, record }
    }
    return this.#payer
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (this.#view.buffer !== bytes.buffer || this.#view.byteOffset !== bytes.byteOffset) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    return this.#view
  }

  #transfer(block: BlockScope, plain: PlainTransfers, i: number, saltAt: number): ResultCode {
    const { table, changes } = block.state
    const debit = this.#plan.debits[i]!
    const amount = this.#plan.amounts[i]!
    if (debit < 0 || !this.#covers(block, debit, amount)) return 'INSUFFICIENT_FUNDS'
    const tagAt = plain.transfers[i]!
    const creditAt = tagAt + transferAt.credit
    const assetAt = tagAt + transferAt.asset
    let credit = this.#plan.credits[i]!
    // An earlier transfer of the same transaction may have made it.
    if (credit < 0) credit = table.findByIds(positionKind, this.#view, creditAt, this.#view, assetAt)

    changes.own(debit, this.#salts, saltAt)
    this.#change(block, debit, positionField.debitsPosted, amount, () => accountOf(plain), saltAt)
    if (credit < 0) credit = this.#makePosition(block, plain.bytes, creditAt, assetAt, saltAt)
    else changes.own(credit, this.#salts, saltAt)
    const creditor = (): AccountId => plain.bytes.slice(creditAt, creditAt + 32) as Uint8Array as AccountId
    this.#change(block, credit, positionField.creditsPosted, amount, creditor, saltAt)
    return 'OK'
  }

  /** Whether the position can give the amount without going below its floor. Customers' positions are on the credit side. */
  #covers({ state: { table } }: BlockScope, entry: number, amount: number): boolean {
    const cell = table.cellOf(entry)
    const view = table.cells.viewOf(cell)
    const at = table.cells.offsetOf(cell) + blindBytes
    const available =
      readTotal(view, at + positionField.creditsPosted) -
      readTotal(view, at + positionField.debitsPosted) -
      readTotal(view, at + positionField.debitsPending) -
      readTotal(view, at + positionField.frozen)
    return available - amount >= -readTotal(view, at + positionField.creditLine)
  }

  /** Adds to one total of a position, and writes the line. Its link of the hash chain follows in `finish`. */
  #change(
    block: BlockScope,
    entry: number,
    field: number,
    amount: number,
    accountId: () => AccountId,
    saltAt: number,
  ): void {
    const { table } = block.state
    const cell = table.cellOf(entry)
    const view = table.cells.viewOf(cell)
    const at = table.cells.offsetOf(cell) + blindBytes
    let debits = readTotal(view, at + positionField.debitsPosted)
    const debitsPending = readTotal(view, at + positionField.debitsPending)
    let credits = readTotal(view, at + positionField.creditsPosted)
    const creditsPending = readTotal(view, at + positionField.creditsPending)
    const isPending = debitsPending !== 0 || creditsPending !== 0
    const wasOpen = isPending || debits !== credits
    if (field === positionField.debitsPosted) debits += amount
    else credits += amount
    writeTotal(view, at + field, field === positionField.debitsPosted ? debits : credits)
    const sequence = readCount(view, at + positionField.entries)
    writeCount(view, at + positionField.entries, sequence + 1)
    const isOpen = isPending || debits !== credits
    if (wasOpen !== isOpen) this.#countOpen(block, accountId(), isOpen ? 1 : -1, saltAt)

    const line = this.#lines.add(entry)
    const { numbers } = this.#lines
    numbers[line] = sequence
    numbers[line + 1] = debits
    numbers[line + 2] = debitsPending
    numbers[line + 3] = credits
    numbers[line + 4] = creditsPending
  }

  #countOpen({ state }: BlockScope, account: AccountId, change: 1 | -1, saltAt: number): void {
    const record = state.account(account)!
    const openPositions = record.openPositions + change
    state.put<'account'>({ kind: 'account', account }, { ...record, openPositions }, this.#saltAt(saltAt))
  }

  /** Makes the position of an account that never had the asset; the member that keeps it has one record more. */
  #makePosition(block: BlockScope, bytes: Uint8Array, creditAt: number, assetAt: number, saltAt: number): number {
    const { state } = block
    const account = bytes.slice(creditAt, creditAt + 32) as Uint8Array as AccountId
    const asset = bytes.slice(assetAt, assetAt + 32) as Uint8Array as AssetId
    const key = { kind: 'position', account, asset } as const
    const record = state.account(account)!
    const entry = state.table.insert(encode(stateKey, key), statePath(key))
    const salt = this.#saltAt(saltAt)
    state.changes.write(entry, encode(positionRecord, emptyPosition(record)), salt)
    const keeper = state.member(record.member)!
    const counted = { ...keeper, records: keeper.records + 1 }
    state.put<'member'>({ kind: 'member', member: record.member }, counted, salt)
    return entry
  }

  #saltAt(at: number): Uint8Array {
    const salt = new Uint8Array(32)
    copy32(this.#salts, at, salt, 0)
    return salt
  }
}
