import type { TSchema } from '@sinclair/typebox'
import { refuseByKit } from '../errors.ts'
import { ask, call } from '../host/ask.ts'
import { compileWriter, type Writer } from '../schema/compile-writer.ts'
import { fromJson, jsonText } from '../schema/json-form.ts'
import type { JsonSchema, JsonValue } from '../schema/json-schema.ts'
import { IndexedRows } from '../tables/indexed-rows.ts'
import type { Tables } from '../tables/table.ts'
import { type TableForm, tableForm } from '../tables/table-form.ts'
import { ReadRows, WriteRows } from '../tables/table-rows.ts'
import type {
  ActionContext,
  Booking,
  CallOptions,
  Events,
  Fund,
  MigrationContext,
  OutputOption,
  Taking,
  Transfer,
  ViewContext,
} from './context.ts'

export const triggerFuelDefault = 1_000_000

/** What the functions of a contract are given. Made once; what differs from call to call is looked up in the call. */
export interface Contexts {
  readonly view: ViewContext<Tables>
  readonly action: ActionContext<Tables, Events>
  readonly migration: MigrationContext<Tables, Events, Tables>
}

export function makeContexts(tables: Tables, events: Events, oldTables: Tables): Contexts {
  const forms = mapValues(tables, (table, name) => tableForm(name, table))
  const view = withMembers(readingMembers, { tables: mapValues(forms, (form) => new ReadRows(form, '')) })
  const writers = mapValues(events, (schema, name) => compileWriter(schema as JsonSchema, name))
  const own = {
    tables: mapValues(forms, writableRows),
    emit: (name: string, data: unknown) => emit(writers, name, data),
  }
  const action = withMembers(readingMembers, writingMembers, own)
  const old = mapValues(oldTables, (table, name) => new ReadRows(tableForm(name, table), 'o'))
  const migration = withMembers(readingMembers, writingMembers, own, { old })
  return { view, action, migration } as unknown as Contexts
}

const readingMembers = {
  get now() {
    return call.question.now
  },
  get self() {
    return call.question.self
  },
  get callers() {
    return call.question.callers
  },
  get by() {
    return call.question.by
  },
  balance(asset: string, account = call.question.self.account) {
    const { posted, available } = asked(`b${JSON.stringify({ account, asset })}`) as Record<string, string>
    return { posted: BigInt(posted!), available: BigInt(available!) }
  },
  view(contract: string, view: string, input: object, options?: OutputOption<TSchema>) {
    return outputIn(ask(`v${jsonText({ contract, view, input })}`), options)
  },
  member: (id: string) => about('member', id),
  account: (id: string) => about('account', id),
  asset: (id: string) => about('asset', id),
  log(...values: readonly unknown[]) {
    ask(`l${values.map(logText).join(' ')}`)
  },
}

const writingMembers = {
  get funds(): Fund[] {
    return call.question.funds.map((fund) => ({ ...fund, amount: BigInt(fund.amount) }))
  },
  requireCaller(id: string) {
    for (const caller of call.question.callers) if (caller.id === id) return
    refuseByKit('NOT_AUTHORIZED', `${id} is not among the callers`)
  },
  transfer({ to, asset, amount, from = call.question.self.account }: Transfer) {
    ask(`t${JSON.stringify({ debit: from, credit: to, asset, amount: String(amount) })}`)
  },
  take({ from, asset, amount, to = call.question.self.account }: Taking) {
    const isListed = call.question.funds.some((fund) => fund.account === from && fund.asset === asset)
    if (!isListed) refuseByKit('FUNDS_MISSING', `${from} is not among the funds`)
    writingMembers.transfer({ from, to, asset, amount })
  },
  openAccount: (label: number) => ask(`n${label}`).slice(1),
  schedule({ action, input = {}, atMs, inMs, everyMs, fuel = triggerFuelDefault }: Booking) {
    const first = atMs ?? call.question.now + inMs!
    return asked(`s${jsonText({ action, input, atMs: first, everyMs, fuel })}`) as number
  },
  cancel: (booking: number) => ask(`x${booking}`) !== '-',
  call(contract: string, action: string, input: object, options: CallOptions<TSchema> = {}) {
    const { funds = [], fuel } = options
    return outputIn(ask(`c${jsonText({ contract, action, input, funds, fuel })}`), options)
  },
}

function writableRows(form: TableForm): WriteRows {
  return form.indexes.length === 0 ? new WriteRows(form, '') : new IndexedRows(form, '')
}

/** With the getters as they are. */
function withMembers(...members: readonly object[]): object {
  const context = {}
  for (const each of members) Object.defineProperties(context, Object.getOwnPropertyDescriptors(each))
  return context
}

function emit(writers: Readonly<Record<string, Writer>>, name: string, data: unknown): void {
  const write = writers[name]
  if (write === undefined) refuseByKit('VALUE_INVALID', `there is no event ${name}`)
  ask(`e{"topic":"${name}","data":${JSON.stringify(write(data))}}`)
}

function logText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'bigint' ? String(value) : String(jsonText(value))
}

function about(kind: string, id: string): JsonValue | undefined {
  return asked(`i${JSON.stringify({ kind, id })}`)
}

function asked(question: string): JsonValue | undefined {
  const answer = ask(question)
  return answer === '-' ? undefined : (JSON.parse(answer.slice(1)) as JsonValue)
}

function outputIn(answer: string, options: OutputOption<TSchema> | undefined): unknown {
  if (answer.length === 1) return undefined
  const json = JSON.parse(answer.slice(1)) as JsonValue
  return options?.output === undefined ? json : fromJson(options.output, json)
}

/** Without a prototype, so that no name is there but those of the contract. */
export function mapValues<A, B>(
  values: Readonly<Record<string, A>>,
  change: (value: A, name: string) => B,
): Record<string, B> {
  const changed: Record<string, B> = Object.create(null)
  for (const name of Object.keys(values)) changed[name] = change(values[name]!, name)
  return changed
}
