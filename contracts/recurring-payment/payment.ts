import { LedgerError } from '@tallystick/contract-kit'
import { setAlarm } from '../alarm/alarm.ts'
import { adjusted, nextBusinessDay } from './business-days.ts'
import { nominalDay } from './cadence.ts'
import { civilOfDay, dateOf, dayMs, dayOf, dayOfCivil, dayOfTime, weekdayOf } from './calendar.ts'
import { type ActiveMandate, type Context, isActive, type Mandate, type Terms } from './mandate.ts'

/** Two million for the call, the rest for loading the contract where it has not been called for long. */
const wakeFuel = 6_000_000
const paymentsPerWake = 8

/** One payment of a mandate's. */
export interface Due {
  readonly number: number
  /** Before it is moved to a business day. */
  readonly date: string
  readonly dueMs: number
}

/** @returns a payment's days, or `undefined` if the terms have no such payment. */
export function dueOf(terms: Terms, number: number): Due | undefined {
  const day = nominalDay(terms.cadence, dayOf(terms.firstDate), number)
  if (terms.payments !== undefined && number >= terms.payments) return undefined
  if (terms.lastDate !== undefined && day > dayOf(terms.lastDate)) return undefined
  return { number, date: dateOf(day), dueMs: timeOn(adjusted(day, terms.convention, terms.calendar), terms) }
}

function timeOn(day: number, { hour }: Terms): number {
  return day * dayMs + hour * 3_600_000
}

/** What of the total may still be paid; `undefined` if the mandate has none. */
export function totalLeft({ terms, paid }: Mandate): bigint | undefined {
  return terms.totalMax === undefined ? undefined : terms.totalMax - paid
}

/** Makes the payment that is due, or says when it is tried again, or skips it; then the mandate waits for the next, or ends. */
export function settleDue(ctx: Context, mandate: ActiveMandate): void {
  const { id, terms, next } = mandate
  const { number, date } = next
  const amount = amountDue(mandate)
  const code =
    amount === 0n ? 'NOT_REQUESTED' : exceedsPeriod(mandate, amount) ? 'PERIOD_MAX' : pay(ctx, mandate, amount)
  if (code === undefined) {
    ctx.emit('paid', { id, number, date, amount })
    const paidInPeriod = { from: periodOf(terms, date), amount: paidBefore(mandate) + amount }
    goOn(ctx, { ...mandate, paid: mandate.paid + amount, paidInPeriod })
    return
  }
  const againMs = timeOn(nextBusinessDay(dayOfTime(ctx.now), terms.calendar), terms)
  const after = dueOf(terms, number + 1)
  const isFinal =
    code === 'NOT_REQUESTED' ||
    code === 'PERIOD_MAX' ||
    next.tries >= terms.retries ||
    (after !== undefined && after.dueMs <= againMs)
  if (isFinal) {
    ctx.emit('skipped', { id, number, date, amount, code })
    goOn(ctx, mandate)
    return
  }
  ctx.emit('not-paid', { id, number, amount, code, againMs })
  ctx.tables.mandates.put({ ...mandate, next: { ...next, tries: next.tries + 1 }, dueMs: againMs })
}

function amountDue(mandate: Mandate): bigint {
  const { terms, next } = mandate
  const amount = terms.kind === 'fixed' ? terms.amount : next.collected
  const left = totalLeft(mandate)
  return left !== undefined && left < amount ? left : amount
}

/** @returns why it could not be paid. */
function pay(ctx: Context, { account, payee, terms }: Mandate, amount: bigint): string | undefined {
  if (ctx.balance(terms.asset, account).available < amount) return 'NO_COVER'
  try {
    ctx.transfer({ from: account, to: payee, asset: terms.asset, amount })
    return undefined
  } catch (error) {
    if (error instanceof LedgerError) return error.code
    throw error
  }
}

function exceedsPeriod(mandate: Mandate, amount: bigint): boolean {
  const { periodMax } = mandate.terms
  return periodMax !== undefined && paidBefore(mandate) + amount > periodMax.amount
}

/** In the period of the payment that is due. */
function paidBefore({ terms, next, paidInPeriod }: Mandate): bigint {
  return paidInPeriod.from === periodOf(terms, next.date) ? paidInPeriod.amount : 0n
}

/** The first day of the period that a date is in; all of time is one period where the mandate has none. */
function periodOf({ periodMax, firstDate }: Terms, date: string): string {
  if (periodMax === undefined) return firstDate
  const day = dayOf(date)
  const { year, month } = civilOfDay(day)
  switch (periodMax.period) {
    case 'week':
      return dateOf(day - weekdayOf(day) + 1)
    case 'month':
      return dateOf(dayOfCivil({ year, month, day: 1 }))
    case 'year':
      return dateOf(dayOfCivil({ year, month: 1, day: 1 }))
  }
}

/** Waits for the next payment, or ends. */
function goOn(ctx: Context, mandate: Mandate): void {
  const due = dueOf(mandate.terms, mandate.next.number + 1)
  if (totalLeft(mandate) === 0n) end(ctx, mandate, 'total')
  else if (due === undefined) end(ctx, mandate, 'complete')
  else {
    const { number, date, dueMs } = due
    ctx.tables.mandates.put({ ...mandate, next: { number, date, tries: 0, collected: 0n }, dueMs })
  }
}

/** Nothing fires afterwards. What is left goes back to the payer; if that can't be now, the payer withdraws it when it can. */
export function end(ctx: Context, mandate: Mandate, reason: 'payer' | 'payee' | 'complete' | 'total'): void {
  const { dueMs, ...ended } = mandate
  const { id, account, payer, terms } = mandate
  const left = ctx.balance(terms.asset, account).available
  let returned = left
  try {
    if (left > 0n) ctx.transfer({ from: account, to: payer, asset: terms.asset, amount: left })
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    returned = 0n
  }
  ctx.tables.mandates.put({ ...ended, status: 'ended' })
  ctx.emit('ended', { id, reason, returned })
}

/** Makes payments that are due by now; if there are more, the alarm rings again at once. */
export function settleAllDue(ctx: Context): void {
  const due = ctx.tables.mandates.index('byDue').range({ to: ctx.now + 1, limit: paymentsPerWake })
  for (const mandate of due.rows) if (isActive(mandate)) settleDue(ctx, mandate)
  setNextAlarm(ctx)
}

export function setNextAlarm(ctx: Context): LedgerError | undefined {
  const [next] = ctx.tables.mandates.index('byDue').range({ limit: 1 }).rows
  return setAlarm(ctx, next?.dueMs, wakeFuel)
}
