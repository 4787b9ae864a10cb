import { LedgerError, type TableWriter, t, table } from '@tallystick/contract-kit'

/**
 * One booking for everything that falls due in a contract: at the earliest time of all. A booking of its own for each deal would
 * keep the prepaid steps of a whole call for as long as the deal is open, so that few deals, or one stranger with many small ones,
 * would use up what the contract has.
 *
 * Who uses it has a table `alarms: alarms`, an index of what falls due, and an action `wake` that does what is due by now, some at a
 * time, and ends with `setAlarm`, as does every action that changes what falls due next.
 */
export const alarms = table({
  key: ['name'],
  schema: t.object({ name: t.enum(['next']), atMs: t.integer(), booking: t.integer() }),
})

/** What of an action's context an alarm takes. */
export interface AlarmContext {
  readonly now: number
  readonly tables: { readonly alarms: TableWriter<typeof alarms> }
  schedule(booking: { readonly action: string; readonly atMs: number; readonly fuel: number }): number
  cancel(booking: number): boolean
}

const minuteMs = 60_000
/** So many minutes later it may ring, if those before are full of other bookings. */
const minutesLateMax = 30

/**
 * Sets the alarm to a time, or off.
 * @param dueMs - When something falls due next, `undefined` if nothing does. What is overdue is due now.
 * @param fuel - Of `wake`: also for loading the contract where it has not been called for long.
 * @returns why it can't be set; then it is off, and the next call may set it. What a party has coming must not wait for that, but who
 *   begins something that needs the alarm should throw it.
 */
export function setAlarm(ctx: AlarmContext, dueMs: number | undefined, fuel: number): LedgerError | undefined {
  const set = ctx.tables.alarms.get('next')
  const atMs = dueMs === undefined ? undefined : Math.max(dueMs, ctx.now)
  // One whose time is now may be the one that rings.
  if (set?.atMs === atMs && atMs !== ctx.now) return undefined
  if (set !== undefined) {
    ctx.cancel(set.booking)
    ctx.tables.alarms.delete('next')
  }
  if (atMs === undefined) return undefined
  try {
    ctx.tables.alarms.put({ name: 'next', atMs, booking: book(ctx, atMs, fuel) })
    return undefined
  } catch (error) {
    if (error instanceof LedgerError) return error
    throw error
  }
}

function book(ctx: AlarmContext, atMs: number, fuel: number): number {
  for (let minute = 0; ; minute++) {
    try {
      return ctx.schedule({ action: 'wake', atMs: atMs + minute * minuteMs, fuel })
    } catch (error) {
      const isFull = error instanceof LedgerError && error.code === 'BOOKING_MINUTE_FULL'
      if (!isFull || minute === minutesLateMax) throw error
    }
  }
}
