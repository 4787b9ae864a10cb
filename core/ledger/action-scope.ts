import type { Hash } from '../crypto/index.ts'
import {
  type AccountId,
  type AssetId,
  type Entry,
  type MemberId,
  type ReceiptEvent,
  type ReceiptPointer,
  type ResultCode,
  receiptBlind,
  type StateKey,
  type StateKeyKind,
  type StateRecord,
  type TransactionId,
} from '../protocol/index.ts'
import { assertHolds } from './assertion.ts'
import type { BlockScope } from './block-scope.ts'
import type { FloorWatch } from './floors.ts'

const lastIndex = 2 ** 32 - 1

export interface WrittenEntry {
  readonly entry: Entry
  readonly blind: Hash
  readonly leaf: Hash
}

/** What an action came to; `original` points to the action that did the same before. */
export interface ActionOutcome {
  readonly result: ResultCode
  readonly original?: ReceiptPointer
  /** What remains of a failed call of a contract. */
  readonly told?: EmittedEvent
}

/** An event without its action, which is the place of the scope that it is written in. */
export type EmittedEvent = Omit<ReceiptEvent, 'action'>

export interface WrittenEvent {
  readonly event: ReceiptEvent
  readonly blind: Hash
}

/** What an account of a contract was credited. */
export interface Credit {
  readonly account: AccountId
  readonly asset: AssetId
  readonly amount: bigint
  readonly debit: AccountId
}

export interface ActionPlace {
  readonly transaction: TransactionId
  readonly receiptIndex: number
  /** Index among all actions of the transaction. */
  readonly action: number
  /** The action's blinding salt; a derived transaction has none. */
  readonly salt: Hash | undefined
}

/** What the rule of one action sees of the block, and through which it writes. */
export class ActionScope {
  readonly block: BlockScope
  readonly place: ActionPlace
  readonly floors: FloorWatch
  readonly entries: WrittenEntry[] = []
  readonly events: EmittedEvent[] = []
  readonly credits: Credit[] = []

  constructor(block: BlockScope, place: ActionPlace, floors: FloorWatch) {
    this.block = block
    this.place = place
    this.floors = floors
  }

  get state(): BlockScope['state'] {
    return this.block.state
  }

  /** Events are blinded as entries are, counted from the other end. A scope that has events has a salt. */
  get writtenEvents(): WrittenEvent[] {
    const { salt, action } = this.place
    return this.events.map((event, i) => ({ event: { action, ...event }, blind: receiptBlind(salt!, lastIndex - i) }))
  }

  emit(event: EmittedEvent): void {
    this.events.push(event)
  }

  get pointer(): ReceiptPointer {
    const { transaction, receiptIndex, action } = this.place
    return { id: transaction, height: this.block.height, index: receiptIndex, action }
  }

  /** The salt of what is written under the key: the action's, or for a derived transaction the replaced record's blind. */
  saltFor(key: StateKey): Hash {
    if (this.place.salt !== undefined) return this.place.salt
    assertHolds(this.state.get(key as never) !== undefined, () => `a derived transaction creates a ${key.kind} record`)
    return this.state.blindOf(key)
  }

  put<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>, record: StateRecord<K>): void {
    this.state.put<K>(key, record, this.saltFor(key))
  }

  /** Puts a record that is new; the member that keeps it is charged for one more. */
  create<K extends StateKeyKind>(key: Extract<StateKey, { kind: K }>, record: StateRecord<K>, keeper: MemberId): void {
    this.put<K>(key, record)
    this.#count(keeper, 1)
  }

  remove(key: StateKey, keeper: MemberId): void {
    this.state.delete(key)
    this.#count(keeper, -1)
  }

  #count(keeper: MemberId, change: 1 | -1): void {
    const member = this.state.member(keeper)
    assertHolds(member !== undefined, () => 'a record is kept by a member that does not exist')
    this.put<'member'>({ kind: 'member', member: keeper }, { ...member, records: member.records + change })
  }
}
