import { LedgerError } from '../errors.ts'

/** Answers a question of spec/contracts.md §5. */
export type Host = (question: string) => string

/** What the ledger says of a call (§2). */
export interface Question {
  readonly kind: 'manifest' | 'action' | 'view' | 'migration'
  readonly name: string
  readonly input: unknown
  readonly self: Self
  readonly now: number
  readonly callers: readonly Caller[]
  readonly funds: readonly { readonly account: string; readonly asset: string; readonly amount: string }[]
  readonly by?: Trigger
}

/** The contract itself. Ids are hexadecimal. */
export interface Self {
  readonly contract: string
  /** Its own account. */
  readonly account: string
  /** Who keeps it. */
  readonly member: string
  /** Counts migrations. */
  readonly generation: number
}

/** Who authorizes the call. */
export interface Caller {
  readonly kind: 'account' | 'member' | 'contract'
  readonly id: string
}

/** Why the ledger calls by itself. */
export interface Trigger {
  readonly kind: 'schedule' | 'subscription' | 'migration'
  /** The transaction that led here. */
  readonly transaction: string
  /** How many triggers led here, one from the other. */
  readonly hop: number
  /** The number of the booking that led here, for `cancel`; a migration has none. */
  readonly booking?: number
}

/** A call under way. */
export interface Call {
  readonly question: Question
  readonly host: Host
  /** Keys of rows that were read, with the keys that they have in indexes. */
  indexed: Map<string, readonly (string | undefined)[]> | undefined
  /** Why a write of several rows ended in its middle. */
  broken: LedgerError | undefined
}

const none: Call = {
  question: { kind: 'manifest' } as Question,
  host: () => {
    throw new TypeError('the ledger can be asked during a call alone')
  },
  indexed: undefined,
  broken: undefined,
}

/** The one call under way: this is how everything that a contract holds on to finds it. */
export let call: Call = none

/** Begins a call. @returns the one that it interrupts, for `leave`. */
export function enter(question: Question, host: Host): Call {
  const outer = call
  call = { question, host, indexed: undefined, broken: undefined }
  return outer
}

export function leave(outer: Call): void {
  call = outer
}

/**
 * Asks the ledger.
 * @returns its answer, which begins with `=`, or is `-` if there is nothing.
 * @throws {LedgerError} if it refuses.
 */
export function ask(question: string): string {
  const answer = call.host(question)
  if (answer[0] === '!') throw refusalIn(answer)
  return answer
}

function refusalIn(answer: string): LedgerError {
  const space = answer.indexOf(' ')
  return space < 0
    ? new LedgerError(answer.slice(1), '')
    : new LedgerError(answer.slice(1, space), answer.slice(space + 1))
}
