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
import type { ContractBlock } from './contract-block.ts'

export function bookingKey(contract: ContractId, number: number): Extract<StateKey, { kind: 'contract-booking' }> {
  return { kind: 'contract-booking', contract, number: bookingNumber(number) }
}

/**
 * Books a call: takes its steps from the contract's prepaid ones and from the minute. The time may be over, as that of a cadence
 * that fell behind.
 * @returns the booking's number, or why it is refused; then nothing was written.
 */
export function book(
  scope: ActionScope,
  block: ContractBlock,
  contract: ContractId,
  booking: ContractBooking,
): number | ResultCode {
  const { contracts } = block.parameters
  const { dueMs, everyMs, fuel } = booking
  if (dueMs > block.timeMs + contracts.bookingAheadMaxMs) return 'BOOKING_TIME_INVALID'
  if (everyMs !== undefined && everyMs < minuteMs) return 'BOOKING_TIME_INVALID'
  if (fuel > contracts.fuelMax) return 'CONTRACT_LIMIT_TOO_HIGH'
  const steps = stepsOfTrigger(fuel)
  const record = block.state.get<'contract'>({ kind: 'contract', contract })!
  if (record.prepaidSteps < steps) return 'CONTRACT_PREPAID_TOO_LOW'
  const minute = minuteOf(dueMs)
  const booked = block.state.get<'booked-minute'>(minute)?.steps ?? 0
  if (booked + steps > contracts.triggerStepsPerMinute) return 'BOOKING_MINUTE_FULL'

  const number = record.nextBooking
  scope.put<'booked-minute'>(minute, { steps: booked + steps })
  scope.put<'contract'>(
    { kind: 'contract', contract },
    { ...record, prepaidSteps: record.prepaidSteps - steps, nextBooking: number + 1 },
  )
  scope.create<'contract-booking'>(bookingKey(contract, number), booking, record.member)
  return number
}

/** Ends a booking and gives its steps back. @returns false if there is none. */
export function cancelBooking(scope: ActionScope, contract: ContractId, number: number): boolean {
  const key = bookingKey(contract, number)
  const booking = scope.state.get<'contract-booking'>(key)
  if (booking === undefined) return false
  endBooking(scope, contract, key, booking)
  giveBack(scope, contract, stepsOfTrigger(booking.fuel))
  return true
}

/** Takes a booking away; its steps are the caller's to give back. */
export function endBooking(
  scope: ActionScope,
  contract: ContractId,
  key: Extract<StateKey, { kind: 'contract-booking' }>,
  { dueMs, fuel }: ContractBooking,
): void {
  const { member } = scope.state.get<'contract'>({ kind: 'contract', contract })!
  scope.remove(key, member)
  const minute = minuteOf(dueMs)
  const booked = scope.state.get<'booked-minute'>(minute)
  if (booked !== undefined) scope.put<'booked-minute'>(minute, { steps: booked.steps - stepsOfTrigger(fuel) })
}

export function giveBack(scope: ActionScope, contract: ContractId, steps: number): void {
  const key = { kind: 'contract', contract } as const
  const record = scope.state.get<'contract'>(key)!
  scope.put<'contract'>(key, { ...record, prepaidSteps: record.prepaidSteps + steps })
}

function minuteOf(dueMs: number): Extract<StateKey, { kind: 'booked-minute' }> {
  return { kind: 'booked-minute', minute: Math.floor(dueMs / minuteMs) }
}
