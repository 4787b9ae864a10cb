import { defineContract, refuse, t } from '@tallystick/contract-kit'
import {
  activeMandate,
  type Context,
  events,
  id,
  isActive,
  mandateOf,
  mandates,
  type Terms,
  tables,
  terms,
} from './mandate.ts'
import { dueOf, end, setNextAlarm, settleAllDue, settleDue, totalLeft } from './payment.ts'

const datesMax = 24
const pageMandates = 20

/**
 * Payments that the payer signs once: a standing order of a fixed amount, or a mandate by which the payee collects up to an amount.
 * They come from an account that is the mandate's own and that the payer keeps filled, so that nothing is ever taken from the
 * payer beyond what was put there. The rules: README.md.
 */
export const contract = defineContract({
  name: 'recurring-payment',
  description: 'Standing orders and collections that are signed once and paid from a prepaid account of their own.',
  tables,
  events,

  actions: {
    /** By the payer. A first deposit is taken from the payer's funds. */
    open: {
      input: t.object({ id, terms, deposit: t.optional(t.amount()) }),
      output: t.object({ account: t.account(), firstMs: t.integer() }),
      run(ctx, { id, terms, deposit = 0n }) {
        ctx.requireCaller(terms.payer)
        if (ctx.tables.mandates.get(id) !== undefined) refuse('MANDATE_EXISTS', `there is a mandate ${id} already`)
        checkTerms(ctx, terms)
        const due = dueOf(terms, 0)
        if (due === undefined) refuse('NO_PAYMENT', 'no payment falls between the first and the last date')
        if (due.dueMs <= ctx.now) refuse('FIRST_PAYMENT_PAST', `the first payment would be at ${due.dueMs}`)
        const label = (ctx.tables.counters.get('accounts')?.last ?? 0) + 1
        ctx.tables.counters.put({ name: 'accounts', last: label })
        const account = ctx.openAccount(label)
        const { payer, payee, asset } = terms
        const { number, date, dueMs } = due
        const next = { number, date, tries: 0, collected: 0n }
        const paid = { paid: 0n, paidInPeriod: { from: date, amount: 0n } }
        ctx.tables.mandates.put({ id, status: 'active', payer, payee, account, terms, next, ...paid, dueMs })
        ctx.emit('opened', { id, payer, payee, account, firstMs: dueMs })
        if (deposit > 0n) {
          ctx.take({ from: payer, to: account, asset, amount: deposit })
          ctx.emit('deposited', { id, from: payer, amount: deposit })
        }
        const problem = setNextAlarm(ctx)
        if (problem !== undefined) throw problem
        return { account, firstMs: dueMs }
      },
    },

    /** By anyone, from an own account. A transfer to the mandate's account does the same. */
    deposit: {
      input: t.object({ id, from: t.account(), amount: t.amount() }),
      run(ctx, { id, from, amount }) {
        const { account, terms } = activeMandate(ctx, id)
        // Accounts of other mandates are the contract's own too: only one that calls is debited.
        ctx.requireCaller(from)
        ctx.take({ from, to: account, asset: terms.asset, amount })
        ctx.emit('deposited', { id, from, amount })
      },
    },

    /** By the payer, at any time, also after the end: all that is left, or some of it. */
    withdraw: {
      input: t.object({ id, amount: t.optional(t.amount()), asset: t.optional(t.asset()) }),
      run(ctx, { id, amount, asset: wanted }) {
        const { payer, account, terms } = mandateOf(ctx, id)
        ctx.requireCaller(payer)
        const asset = wanted ?? terms.asset
        const taken = amount ?? ctx.balance(asset, account).available
        if (taken === 0n) refuse('NOTHING_LEFT', `nothing is left of the asset ${asset}`)
        ctx.transfer({ from: account, to: payer, asset, amount: taken })
        ctx.emit('withdrawn', { id, asset, amount: taken })
      },
    },

    /** By the payee: how much the next payment is to be; zero takes it back. */
    request: {
      input: t.object({ id, number: t.integer({ minimum: 0 }), amount: t.amount() }),
      run(ctx, { id, number, amount }) {
        const mandate = activeMandate(ctx, id)
        const { payee, terms, next } = mandate
        ctx.requireCaller(payee)
        if (terms.kind !== 'collected') refuse('AMOUNT_FIXED', 'the amount of this mandate is fixed')
        if (number !== next.number) refuse('NOT_NEXT', `the next payment is number ${next.number}`)
        const left = totalLeft(mandate) ?? terms.amount
        const most = left < terms.amount ? left : terms.amount
        if (amount > most) refuse('AMOUNT_TOO_HIGH', `at most ${most} can be collected`)
        ctx.tables.mandates.put({ ...mandate, next: { ...next, collected: amount } })
        ctx.emit('requested', { id, number, amount })
      },
    },

    /** By the payer, who withdraws the mandate, or by the payee, who renounces it. */
    end: {
      input: t.object({ id, by: t.account() }),
      run(ctx, { id, by }) {
        const mandate = activeMandate(ctx, id)
        if (by !== mandate.payer && by !== mandate.payee) refuse('NOT_A_PARTY', 'the payer or the payee ends a mandate')
        ctx.requireCaller(by)
        end(ctx, mandate, by === mandate.payer ? 'payer' : 'payee')
        setNextAlarm(ctx)
      },
    },

    /** One mandate's payment, from its time on, by anyone: the ledger makes payments by itself (`wake`). */
    pay: {
      input: t.object({ id }),
      run(ctx, { id }) {
        const mandate = activeMandate(ctx, id)
        if (ctx.now < mandate.dueMs) refuse('NOT_DUE', `the next payment is due at ${mandate.dueMs}`)
        settleDue(ctx, mandate)
        setNextAlarm(ctx)
      },
    },

    /** When payments are due, by the ledger itself; anyone may call it too. */
    wake: { run: (ctx) => settleAllDue(ctx) },
  },

  views: {
    mandate: {
      input: t.object({ id }),
      output: t.object({ mandate: mandates.schema, balance: t.amount() }),
      run(ctx, { id }) {
        const mandate = mandateOf(ctx, id)
        return { mandate, balance: ctx.balance(mandate.terms.asset, mandate.account).available }
      },
    },

    /** Those of one party. */
    mandates: {
      input: t.object({ party: t.account(), as: t.enum(['payer', 'payee']), cursor: t.optional(t.string()) }),
      output: t.object({ mandates: t.array(mandates.schema), cursor: t.optional(t.string()) }),
      run(ctx, { party, as, cursor }) {
        const range = { prefix: party, limit: pageMandates, cursor }
        const { mandates } = ctx.tables
        const page = as === 'payer' ? mandates.index('byPayer').range(range) : mandates.index('byPayee').range(range)
        return { mandates: page.rows, ...(page.cursor !== undefined && { cursor: page.cursor }) }
      },
    },

    /** The days of payments to come, if nothing ends the mandate before. */
    dates: {
      input: t.object({ id, count: t.integer({ minimum: 1, maximum: datesMax }) }),
      output: t.array(t.object({ number: t.integer(), date: t.date(), dueMs: t.integer() })),
      run(ctx, { id, count }) {
        const mandate = mandateOf(ctx, id)
        if (!isActive(mandate)) return []
        const { number, date } = mandate.next
        const dates = [{ number, date, dueMs: mandate.dueMs }]
        while (dates.length < count) {
          const due = dueOf(mandate.terms, number + dates.length)
          if (due === undefined) break
          dates.push(due)
        }
        return dates
      },
    },
  },
})

function checkTerms(ctx: Context, { payer, payee, asset, kind, amount, totalMax, periodMax }: Terms): void {
  if (payer === payee) refuse('PARTIES_SAME', 'payer and payee are two')
  if (ctx.account(payee) === undefined) refuse('PAYEE_UNKNOWN', 'the payee has no such account')
  if (ctx.asset(asset) === undefined) refuse('ASSET_UNKNOWN', 'there is no such asset')
  if (amount === 0n || totalMax === 0n || periodMax?.amount === 0n) refuse('AMOUNT_ZERO', 'amounts are above zero')
  if (kind === 'fixed' && periodMax !== undefined && periodMax.amount < amount)
    refuse('PERIOD_MAX_TOO_LOW', 'no payment would be within the limit of its period')
}
