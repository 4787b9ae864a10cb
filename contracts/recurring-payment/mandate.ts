import { type ActionContext, type RowOf, refuse, t, table, type ViewContext } from '@tallystick/contract-kit'
import { alarms } from '../alarm/alarm.ts'
import { calendar, convention } from './business-days.ts'
import { cadence } from './cadence.ts'

export const id = t.string({ minLength: 1, maxLength: 64 })

/** What the payer signs, once. Nobody changes any of it later: other terms are another mandate. */
export const terms = t.object({
  payer: t.account(),
  payee: t.account(),
  asset: t.asset(),
  /** `fixed`: the amount of each payment, of which the last may be less. `collected`: the most that the payee may ask for each time. */
  kind: t.enum(['fixed', 'collected']),
  amount: t.amount(),
  cadence,
  firstDate: t.date(),
  /** No payment falls on a later day, before it is moved to a business day. */
  lastDate: t.optional(t.date()),
  /** How many payments fall due, those included that are skipped. */
  payments: t.optional(t.integer({ minimum: 1, maximum: 100_000 })),
  /** All payments together. */
  totalMax: t.optional(t.amount()),
  /** Those together that fall, before they are moved, in one week from Monday on, one month or one year. */
  periodMax: t.optional(t.object({ period: t.enum(['week', 'month', 'year']), amount: t.amount() })),
  /** Hour of the day, UTC. */
  hour: t.integer({ minimum: 0, maximum: 23 }),
  calendar,
  convention,
  /** On how many business days after its own a payment is tried again. */
  retries: t.integer({ minimum: 0, maximum: 10 }),
})

export const mandates = table({
  key: ['id'],
  schema: t.object({
    id,
    status: t.enum(['active', 'ended']),
    payer: t.account(),
    payee: t.account(),
    /** Where the payments come from: an account of the contract for this mandate alone, that anyone may credit. */
    account: t.account(),
    terms,
    next: t.object({
      /** From 0 on. */
      number: t.integer({ minimum: 0 }),
      /** Before it is moved to a business day. */
      date: t.date(),
      tries: t.integer({ minimum: 0 }),
      /** What the payee asks for. */
      collected: t.amount(),
    }),
    paid: t.amount(),
    paidInPeriod: t.object({ from: t.date(), amount: t.amount() }),
    /** When the next payment is made, or tried again; not there when the mandate has ended. */
    dueMs: t.optional(t.integer({ minimum: 0 })),
  }),
  indexes: { byDue: ['dueMs'], byPayer: ['payer'], byPayee: ['payee'] },
})

/** How many accounts were opened: one for each mandate. */
export const counters = table({
  key: ['name'],
  schema: t.object({ name: t.enum(['accounts']), last: t.integer({ minimum: 0 }) }),
})

const number = t.integer({ minimum: 0 })
/** A code of this contract, or of the ledger, such as ACCOUNT_FROZEN. */
const code = t.string({ maxLength: 64 })

export const events = {
  opened: t.object({ id, payer: t.account(), payee: t.account(), account: t.account(), firstMs: t.integer() }),
  requested: t.object({ id, number, amount: t.amount() }),
  paid: t.object({ id, number, date: t.date(), amount: t.amount() }),
  'not-paid': t.object({ id, number, amount: t.amount(), code, againMs: t.integer() }),
  skipped: t.object({ id, number, date: t.date(), amount: t.amount(), code }),
  deposited: t.object({ id, from: t.account(), amount: t.amount() }),
  withdrawn: t.object({ id, asset: t.asset(), amount: t.amount() }),
  ended: t.object({ id, reason: t.enum(['payer', 'payee', 'complete', 'total']), returned: t.amount() }),
}

export const tables = { mandates, counters, alarms }
export type Mandate = RowOf<typeof mandates>
/** One that has not ended. */
export type ActiveMandate = Mandate & { readonly dueMs: number }
export type Terms = Mandate['terms']
export type Context = ActionContext<typeof tables, typeof events>

export function mandateOf(ctx: ViewContext<typeof tables>, id: string): Mandate {
  return ctx.tables.mandates.get(id) ?? refuse('MANDATE_UNKNOWN', `there is no mandate ${id}`)
}

export function activeMandate(ctx: Context, id: string): ActiveMandate {
  const mandate = mandateOf(ctx, id)
  return isActive(mandate) ? mandate : refuse('MANDATE_ENDED', `the mandate ${id} has ended`)
}

export function isActive(mandate: Mandate): mandate is ActiveMandate {
  return mandate.dueMs !== undefined
}
