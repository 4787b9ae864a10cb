import { type CallOutcome, type ContractImage, callLimitsDefault } from '@tallystick/core/contract-vm'
import type { JsonValue } from '../schema/json-schema.ts'
import { asRecord, Rows } from './rows.ts'

export interface Answer {
  readonly output?: JsonValue
  readonly refused?: { readonly code: string; readonly message: string; readonly stack: string }
}

export interface CallFields {
  readonly kind?: 'action' | 'view' | 'migration'
  readonly callers?: readonly { readonly kind: string; readonly id: string }[]
  readonly funds?: readonly { readonly account: string; readonly asset: string; readonly amount: string }[]
}

type Fields = Readonly<Record<string, JsonValue | undefined>>

export const nowMs = 1_790_000_000_000
export const idOf = (character: string): string => character.repeat(64)
const writing = 'pdtesxcn'

/** A ledger in memory for one contract and those that it calls: answers the questions of spec/contracts.md §5. */
export class MemoryLedger {
  /** By generation. */
  readonly rows: Rows[] = [new Rows()]
  generation = 0
  /** Of texts that an answer to `r` may have. */
  rangeUnitsMax = 65_536
  readonly balances = new Map<string, bigint>()
  readonly events: Fields[] = []
  readonly bookings = new Map<number, Fields>()
  readonly logged: string[] = []
  readonly questions: string[] = []
  /** Other contracts, by id. */
  readonly others = new Map<string, MemoryLedger>()
  /** Refuses questions that begin so, from the given one on. */
  refusing: { begins: string; answer: string } | undefined
  readonly #image: ContractImage
  readonly contract: string

  constructor(image: ContractImage, contract = idOf('c')) {
    this.#image = image
    this.contract = contract
  }

  get account(): string {
    return `${this.contract.slice(0, 62)}00`
  }

  credit(account: string, asset: string, amount: bigint): void {
    const place = `${account} ${asset}`
    this.balances.set(place, (this.balances.get(place) ?? 0n) + amount)
  }

  balance(account: string, asset: string): bigint {
    return this.balances.get(`${account} ${asset}`) ?? 0n
  }

  /** What the machine says of a call; if it refuses or fails, nothing of it remains. */
  outcome(name: string, input: JsonValue, fields: CallFields = {}): CallOutcome {
    const kind = fields.kind ?? 'action'
    const before = { rows: this.rows.map((rows) => rows.entries()), balances: [...this.balances] }
    const self = { contract: this.contract, account: this.account, member: idOf('e'), generation: this.generation }
    const question = { kind, name, input, self, now: nowMs, callers: fields.callers ?? [], funds: fields.funds ?? [] }
    const outcome = this.#image.call(
      JSON.stringify(question),
      (text) => this.#answer(text, kind, fields),
      callLimitsDefault,
    )
    const isDone = outcome.kind === 'returned' && !outcome.output.startsWith('{"refused"')
    if (!isDone) {
      for (const [i, rows] of before.rows.entries()) this.rows[i]!.replace(rows)
      this.balances.clear()
      for (const [place, amount] of before.balances) this.balances.set(place, amount)
    }
    return outcome
  }

  call(name: string, input: JsonValue, fields: CallFields = {}): Answer {
    const outcome = this.outcome(name, input, fields)
    if (outcome.kind !== 'returned')
      throw new Error(`${outcome.kind}: ${JSON.stringify(outcome, (_, of) => String(of))}`)
    return JSON.parse(outcome.output) as Answer
  }

  view(name: string, input: JsonValue = {}): JsonValue {
    const { output, refused } = this.call(name, input, { kind: 'view' })
    if (refused !== undefined) throw new Error(`${refused.code} ${refused.message}`)
    return output!
  }

  #answer(question: string, kind: string, fields: CallFields): string {
    this.questions.push(question)
    const [what, argument] = [question[0]!, question.slice(1)]
    if (this.refusing !== undefined && question.startsWith(this.refusing.begins)) return this.refusing.answer
    if (kind === 'view' && writing.includes(what)) return '!CONTRACT_READ_ONLY a view changes nothing'
    const rows = this.rows[this.generation + (kind === 'migration' ? 1 : 0)]!
    if ('gpdr'.includes(what)) return this.#rowAnswer(rows, what, argument)
    if (what === 'o')
      return kind === 'migration'
        ? this.#rowAnswer(this.rows[this.generation]!, argument[0]!, argument.slice(1))
        : '!NO'
    if (what === 'l') {
      this.logged.push(argument)
      return '='
    }
    if (what === 'n') return `=${this.contract.slice(0, 62)}${argument.padStart(2, '0')}`
    if (what === 'x') return this.bookings.delete(Number(argument)) ? '=' : '-'
    return this.#answerFields(what, asRecord(JSON.parse(argument)), fields)
  }

  #answerFields(what: string, of: Fields, { funds = [] }: CallFields): string {
    switch (what) {
      case 't':
        return this.#transfer(String(of.debit), String(of.credit), String(of.asset), of.amount, funds)
      case 'b': {
        const posted = String(this.balance(String(of.account), String(of.asset)))
        return `=${JSON.stringify({ posted, available: posted })}`
      }
      case 'e':
        this.events.push(of)
        return '='
      case 's':
        this.bookings.set(this.bookings.size + 1, of)
        return `=${this.bookings.size}`
      case 'c':
      case 'v':
        return this.#nested(what === 'c' ? 'action' : 'view', of)
      case 'i':
        return of.kind === 'asset' ? '={"code":"EUR","decimals":2,"issuer":"","status":"active"}' : '-'
      default:
        return `!CONTRACT_QUESTION_INVALID ${what}`
    }
  }

  #transfer(debit: string, credit: string, asset: string, amount: unknown, funds: CallFields['funds'] = []): string {
    if (typeof amount !== 'string' || !/^[1-9][0-9]*$/.test(amount)) return '!CONTRACT_QUESTION_INVALID amount'
    const isOwn =
      debit === this.account || funds.some((fund) => fund.account === debit && BigInt(fund.amount) >= BigInt(amount))
    if (!isOwn) return `!FUNDS_EXCEEDED ${debit}`
    if (this.balance(debit, asset) < BigInt(amount)) return `!INSUFFICIENT_FUNDS ${debit}`
    this.credit(debit, asset, -BigInt(amount))
    this.credit(credit, asset, BigInt(amount))
    return '='
  }

  #nested(kind: 'action' | 'view', of: Fields): string {
    const other = this.others.get(String(of.contract))
    if (other === undefined) return `!CONTRACT_UNKNOWN ${String(of.contract)}`
    const callers = [{ kind: 'contract', id: this.contract }]
    const funds = (of.funds ?? []) as unknown as NonNullable<CallFields['funds']>
    const outcome = other.outcome(String(of[kind]), of.input ?? null, { kind, callers, funds })
    if (outcome.kind !== 'returned')
      return `!CONTRACT_FAILED ${outcome.kind === 'threw' ? outcome.message : outcome.limit}`
    const { output, refused } = JSON.parse(outcome.output) as Answer
    if (refused !== undefined) return `!${refused.code} ${refused.message}`
    return output === undefined ? '=' : `=${JSON.stringify(output)}`
  }

  #rowAnswer(rows: Rows, what: string, argument: string): string {
    switch (what) {
      case 'g': {
        const value = rows.get(argument)
        return value === undefined ? '-' : `=${value}`
      }
      case 'd':
        return rows.delete(argument) ? '=' : '-'
      case 'p': {
        const [length] = argument.split(':', 1)
        const rest = argument.slice(length!.length + 1)
        const key = rest.slice(0, Number(length))
        if (Buffer.byteLength(key) > 256 || key.includes('\0')) return '!CONTRACT_QUESTION_INVALID key'
        rows.set(key, rest.slice(Number(length)))
        return '='
      }
      default:
        return `=${JSON.stringify(rows.range(asRecord(JSON.parse(argument)), this.rangeUnitsMax))}`
    }
  }
}
