import {
  bookingNumber,
  type ContractBooking,
  type ContractId,
  type ResultCode,
  type StateKey,
  stepsOfTrigger,
} from '../../protocol/index.ts'
import type { ActionScope } from '../action-scope.ts'
import { minuteMs } from '../windows.ts'

export type BookingKey = Extract<StateKey, { kind: 'contract-booking' }>

export function bookingKey(contract: ContractId, number: number): BookingKey {
  return { kind: 'contract-booking', contract, number: bookingNumber(number) }
}

/**
 * Books a call: takes its steps from the contract's prepaid ones and from the minute.
 * @returns the booking's number, or why it is refused; then nothing was written.
 */
export function book(
  scope: ActionScope,
  contract: ContractId,
  booking: Omit<ContractBooking, 'attempts' | 'runs'>,
): number | ResultCode {
  const problem = reserve(scope, contract, booking)
  if (problem !== undefined) return problem
  const record = scope.state.contract(contract)!
  const number = record.nextBooking
  scope.put<'contract'>({ kind: 'contract', contract }, { ...record, nextBooking: number + 1 })
  const stored = { ...booking, attempts: 0, runs: 0 }
  scope.create<'contract-booking'>(bookingKey(contract, number), stored, record.member)
  return number
}

/**
 * Books a call that was taken away (`endBooking`) again, under the number that it has. The time may be over, as that of a cadence
 * that fell behind.
 * @returns why it is refused; then nothing was written.
 */
export function bookAgain(scope: ActionScope, key: BookingKey, booking: ContractBooking): ResultCode | undefined {
  const problem = reserve(scope, key.contract, booking)
  if (problem !== undefined) return problem
  const { member } = scope.state.contract(key.contract)!
  scope.create<'contract-booking'>(key, { ...booking, runs: booking.runs + 1 }, member)
  return undefined
}

/** Takes what a booking costs, from the contract and from the minute. */
function reserve(
  scope: ActionScope,
  contract: ContractId,
  { dueMs, everyMs, fuel }: Pick<ContractBooking, 'dueMs' | 'everyMs' | 'fuel'>,
): ResultCode | undefined {
  const { block, state } = scope
  const { contracts } = block.parameters
  if (dueMs > block.timeMs + contracts.bookingAheadMaxMs) return 'BOOKING_TIME_INVALID'
  if (everyMs !== undefined && everyMs < minuteMs) return 'BOOKING_TIME_INVALID'
  if (fuel > contracts.fuelMax) return 'CONTRACT_LIMIT_TOO_HIGH'
  const steps = stepsOfTrigger(fuel)
  const record = state.contract(contract)!
  if (record.prepaidSteps < steps) return 'CONTRACT_PREPAID_TOO_LOW'
  const minute = minuteOf(dueMs)
  if (!isMinuteOver(minute, block.timeMs)) {
    const booked = state.get<'booked-minute'>(minute)?.steps ?? 0
    if (booked + steps > contracts.triggerStepsPerMinute) return 'BOOKING_MINUTE_FULL'
    scope.put<'booked-minute'>(minute, { steps: booked + steps })
  }
  const left = { ...record, prepaidSteps: record.prepaidSteps - steps }
  scope.put<'contract'>({ kind: 'contract', contract }, left)
  return undefined
}

/** Ends a booking and gives its steps back. @returns false if there is none. */
export function cancelBooking(scope: ActionScope, contract: ContractId, number: number): boolean {
  const key = bookingKey(contract, number)
  const booking = scope.state.get<'contract-booking'>(key)
  if (booking === undefined) return false
  endBooking(scope, key, booking)
  giveBack(scope, contract, stepsOfTrigger(booking.fuel))
  return true
}

/** Takes a booking away; its steps are the caller's to give back. */
export function endBooking(scope: ActionScope, key: BookingKey, { dueMs, fuel }: ContractBooking): void {
  const { member } = scope.state.contract(key.contract)!
  scope.remove(key, member)
  const minute = minuteOf(dueMs)
  if (isMinuteOver(minute, scope.block.timeMs)) return
  const { steps } = scope.state.get<'booked-minute'>(minute)!
  scope.put<'booked-minute'>(minute, { steps: steps - stepsOfTrigger(fuel) })
}

export function giveBack(scope: ActionScope, contract: ContractId, steps: number): void {
  const key = { kind: 'contract', contract } as const
  const record = scope.state.get<'contract'>(key)!
  scope.put<'contract'>(key, { ...record, prepaidSteps: record.prepaidSteps + steps })
}

type MinuteKey = Extract<StateKey, { kind: 'booked-minute' }>

function minuteOf(dueMs: number): MinuteKey {
  return { kind: 'booked-minute', minute: Math.floor(dueMs / minuteMs) }
}

/** What is booked in a minute that is over counts for nothing any more: its record goes, maybe before its last calls have run. */
export function isMinuteOver({ minute }: MinuteKey, timeMs: number): boolean {
  return (minute + 1) * minuteMs <= timeMs
}
