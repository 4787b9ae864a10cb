import type { Static, TSchema } from '@sinclair/typebox'
import type { Caller, Self, Trigger } from '../host/ask.ts'
import type { TableReader, Tables, TableWriter } from '../tables/table.ts'

export type Events = Readonly<Record<string, TSchema>>

/** What a call may take from an account that is not the contract's own. */
export interface Fund {
  readonly account: string
  readonly asset: string
  readonly amount: bigint
}

export interface Balance {
  readonly posted: bigint
  /** Posted less what is held. */
  readonly available: bigint
}

export interface MemberInfo {
  readonly identifier: string
  readonly name: string
  readonly roles: readonly string[]
}

export interface AccountInfo {
  readonly member: string
  readonly kind: string
  readonly status: string
}

export interface AssetInfo {
  readonly code: string
  readonly decimals: number
  readonly issuer: string
  readonly status: string
}

/** How the output of another contract is read: as JSON without a schema. */
export interface OutputOption<O extends TSchema> {
  readonly output?: O
}

export interface CallOptions<O extends TSchema> extends OutputOption<O> {
  /** Given on: of the call's funds, or of own accounts. */
  readonly funds?: readonly Fund[]
  /** At most so much; all that is left if not said. */
  readonly fuel?: number
}

export type OutputOf<O> = unknown extends O ? unknown : O extends TSchema ? Static<O> : unknown

/** What views and actions see. Ids are 64 hexadecimal digits. */
export interface ViewContext<T extends Tables> {
  /** Time of the block, Unix milliseconds. */
  readonly now: number
  readonly self: Self
  readonly callers: readonly Caller[]
  /** In a call that the ledger makes by itself. */
  readonly by: Trigger | undefined
  readonly tables: { readonly [N in keyof T]: TableReader<T[N]> }
  /** Of the contract's own account, of another one that it opened, or of one in `funds`. @throws {LedgerError} */
  balance(asset: string, account?: string): Balance
  /** Asks another contract. @throws {LedgerError} */
  view<O extends TSchema>(contract: string, view: string, input: object, options?: OutputOption<O>): OutputOf<O>
  member(id: string): MemberInfo | undefined
  account(id: string): AccountInfo | undefined
  asset(id: string): AssetInfo | undefined
  /** A line for the contract's author; no part of the ledger. */
  log(...values: readonly unknown[]): void
}

export interface Transfer {
  readonly to: string
  readonly asset: string
  /** In the asset's smallest unit, above zero. */
  readonly amount: bigint
  /** The contract's own account if not said. */
  readonly from?: string
}

interface BookingFields {
  readonly action: string
  readonly input?: object
  /** Again and again, at least a minute apart, counted from the first time. */
  readonly everyMs?: number
  /** What the call may use; 1,000,000 if not said. It is taken from what the contract has prepaid. */
  readonly fuel?: number
}

/** When an action is to be called: at a time, or so much later than now. */
export type Booking = BookingFields &
  ({ readonly atMs: number; readonly inMs?: never } | { readonly inMs: number; readonly atMs?: never })

/** Money of somebody else: what the call's `funds` allow. */
export interface Taking {
  readonly from: string
  readonly asset: string
  /** In the asset's smallest unit, above zero. */
  readonly amount: bigint
  /** The contract's own account if not said. */
  readonly to?: string
}

/** What an action sees and may do. */
export interface ActionContext<T extends Tables, E extends Events> extends ViewContext<T> {
  readonly funds: readonly Fund[]
  readonly tables: { readonly [N in keyof T]: TableWriter<T[N]> }
  /** Refuses the call (NOT_AUTHORIZED) unless this account, member or contract is among its callers. */
  requireCaller(id: string): void
  /**
   * Moves money from an own account, or from one in `funds`. Where `from` comes from an input it could be an own account, which
   * anybody may name: use `take` there. @throws {LedgerError}
   */
  transfer(transfer: Transfer): void
  /** Moves money from an account in `funds`, never from an own one. @throws {Refusal} FUNDS_MISSING, {LedgerError} */
  take(taking: Taking): void
  /** Opens one more account of the contract, if it is not open. @param label - From 1 to 2^32 - 1. @returns its id. */
  openAccount(label: number): string
  /** @throws {Refusal} VALUE_INVALID */
  emit<N extends keyof E & string>(name: N, data: Static<E[N]>): void
  /** Books a call of an own action. @returns the booking's number. @throws {LedgerError} */
  schedule(booking: Booking): number
  /**
   * Ends a booking, also the one that led to this call: then a cadence does not come again.
   * @param booking - Its number stays the same through tries and a cadence's times. @returns whether there was such a booking.
   */
  cancel(booking: number): boolean
  /** Calls another contract, which sees this one as its caller. @throws {LedgerError} if it refuses or fails: nothing of it remains. */
  call<O extends TSchema>(contract: string, action: string, input: object, options?: CallOptions<O>): OutputOf<O>
}

/** What a migration sees: the rows of the generation before, and the tables of the next, which are empty at first. */
export interface MigrationContext<T extends Tables, E extends Events, P extends Tables> extends ActionContext<T, E> {
  readonly old: { readonly [N in keyof P]: TableReader<P[N]> }
}
