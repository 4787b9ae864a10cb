import { decode, toHex } from '../../codec/index.ts'
import { taggedHash } from '../../crypto/index.ts'
import {
  type ContractBooking,
  type ContractId,
  type DerivedKind,
  derivedIdOf,
  fuelPerStep,
  isDone,
  numberOfBooking,
  parseJson,
  type ReceiptItem,
  type ResultCode,
  receiptBlind,
  stateKey,
  stepsOfTrigger,
} from '../../protocol/index.ts'
import { ActionScope } from '../action-scope.ts'
import { assertHolds } from '../assertion.ts'
import type { ExecutedReceipt } from '../block-result.ts'
import type { BlockScope } from '../block-scope.ts'
import { FloorWatch } from '../floors.ts'
import { buildReceipt } from '../receipt-builder.ts'
import { textBytes } from '../state/state-key-text.ts'
import { minuteMs } from '../windows.ts'
import { type BookingKey, bookAgain, endBooking, giveBack } from './bookings.ts'
import { type CallEnd, ContractCall } from './contract-call.ts'
import { endMigration, migrationStep } from './migration.ts'
import { outcomeOf } from './outcome.ts'
import { deliver, stoppedTopic } from './subscriptions.ts'

const bookingsPerBlockMax = 4_096
/** After each failure the next try waits so long; after the last the booking ends. */
const backOffMs: readonly number[] = [1, 5, 30, 120].map((minutes) => minutes * minuteMs)
/** A booking of a contract that is paused or migrating is looked at again after this. */
const waitMs = minuteMs

const derivedKinds: Readonly<Record<ContractBooking['kind'], DerivedKind>> = {
  schedule: 'schedule',
  subscription: 'subscription',
  migration: 'migration',
}

/**
 * Calls the contracts whose time has come, each by a derived transaction with a receipt of its own: in (time, contract, number)
 * order, until a block's steps for triggers are used up. What is left comes first in the next block.
 */
export function runTriggers(block: BlockScope, receipts: ExecutedReceipt[]): void {
  let steps = block.parameters.contracts.triggerStepsPerBlock
  for (let n = 0; n < bookingsPerBlockMax; n++) {
    const due = block.expiries.bookings.peek()
    if (due === undefined || due.atMs > block.timeMs) return
    const key = decode(stateKey, textBytes(due.text))
    assertHolds(key.kind === 'contract-booking', () => 'the queue of bookings names another record')
    const booking = block.state.get<'contract-booking'>(key)!
    const evaluation = new ContractCall(block, undefined, 0).evaluationFuel(requestOf(key, booking))
    steps -= stepsOfTrigger(booking.fuel) + stepsOfFuel(evaluation)
    // One that is larger than a block's whole share is executed alone, or it never were.
    if (steps < 0 && n > 0) return
    block.expiries.bookings.popDue(block.timeMs)
    receipts.push(runTrigger(block, key, booking, receipts.length))
  }
}

function runTrigger(block: BlockScope, key: BookingKey, booking: ContractBooking, index: number): ExecutedReceipt {
  const { contract } = key
  const cause = taggedHash('tallystick/contract-booking-id', contract, key.number)
  const transaction = derivedIdOf(cause, derivedKinds[booking.kind], booking.runs)
  const salt = taggedHash('tallystick/trigger-salt', block.state.blindOf(key), key.number)
  const place = { transaction, receiptIndex: index, action: 0, salt }
  const scope = new ActionScope(block, place, new FloorWatch())
  endBooking(scope, key, booking)

  const { status } = block.state.get<'contract'>({ kind: 'contract', contract })!
  const mustWait = status === 'paused' || (status === 'migrating' && booking.kind !== 'migration')
  const result = mustWait ? wait(scope, key, booking, status) : tryCall(scope, key, booking)
  const item: ReceiptItem = { group: 0, action: 0, result, reference: undefined, original: undefined }
  return buildReceipt(block, {
    id: transaction,
    position: { phase: 'begin', index },
    result,
    charged: { steps: 0, writtenBytes: 0 },
    items: [{ item, blind: receiptBlind(salt, 0) }],
    entries: scope.entries,
    events: scope.writtenEvents,
    cause,
    transaction: undefined,
    ordinal: undefined,
  })
}

/** Books it again, without a try. */
function wait(scope: ActionScope, key: BookingKey, booking: ContractBooking, status: string): ResultCode {
  giveBack(scope, key.contract, stepsOfTrigger(booking.fuel))
  rebook(scope, key, { ...booking, dueMs: scope.block.timeMs + waitMs })
  return status === 'paused' ? 'CONTRACT_PAUSED' : 'CONTRACT_MIGRATING'
}

function tryCall(scope: ActionScope, key: BookingKey, booking: ContractBooking): ResultCode {
  const { block } = scope
  const { contract } = key
  const call = new ContractCall(block, scope, block.parameters.contracts.triggerWrittenBytes)
  const request = requestOf(key, booking)
  const evaluation = payEvaluation(scope, contract, call.evaluationFuel(request))
  const mark = block.state.mark()
  const end = call.run(request, BigInt(booking.fuel + evaluation))
  call.noteIn(scope)
  const unused = stepsOfTrigger(booking.fuel) - stepsOfTrigger(usedFuel(end, booking, evaluation))
  const { result, told } = outcomeOf(scope, contract, end)
  giveBack(scope, contract, unused)
  if (isDone(result) && end.kind === 'done') {
    if (booking.kind === 'migration') migrationStep(scope, key, booking, end.output)
    else if (booking.everyMs !== undefined && !call.isBookingCancelled) {
      rebook(scope, key, { ...booking, dueMs: booking.dueMs + booking.everyMs, attempts: 0 })
    }
    deliver(scope, booking.hop)
    return result
  }
  block.state.rollback(mark)
  giveBack(scope, contract, unused)
  scope.entries.length = 0
  scope.events.length = 0
  scope.credits.length = 0
  if (told !== undefined) scope.emit(told)
  retry(scope, key, booking, result)
  return result
}

function requestOf({ contract, number }: BookingKey, { kind, name, input, cause, hop }: ContractBooking) {
  // A migration is not the contract's to cancel.
  const booking = kind === 'migration' ? undefined : numberOfBooking(number)
  return {
    contract,
    kind: kind === 'migration' ? 'migration' : 'action',
    name,
    input: parseJson(input) ?? null,
    callers: [],
    funds: [],
    by: { kind, transaction: toHex(cause), hop, booking },
  } as const
}

/**
 * Pays for a code that is cold, beside what was booked: whoever booked it can't know who will have been called since.
 * @param evaluation - Fuel. @returns as much of it as is paid: 0 if the contract has not prepaid it; then it comes out of what was booked.
 */
function payEvaluation(scope: ActionScope, contract: ContractId, evaluation: number): number {
  const steps = stepsOfFuel(evaluation)
  const key = { kind: 'contract', contract } as const
  const record = scope.state.contract(contract)!
  if (steps === 0 || steps > record.prepaidSteps) return 0
  scope.put<'contract'>(key, { ...record, prepaidSteps: record.prepaidSteps - steps })
  return evaluation
}

function usedFuel({ fuelUsed }: CallEnd, { fuel }: ContractBooking, evaluation: number): number {
  const own = Math.max(0, Number(fuelUsed) - evaluation)
  return Math.min(fuel, Math.ceil(own / fuelPerStep) * fuelPerStep)
}

function stepsOfFuel(fuel: number): number {
  return Math.ceil(fuel / fuelPerStep)
}

function retry(scope: ActionScope, key: BookingKey, booking: ContractBooking, result: ResultCode): void {
  const delay = backOffMs[booking.attempts]
  if (delay !== undefined) {
    rebook(scope, key, { ...booking, dueMs: scope.block.timeMs + delay, attempts: booking.attempts + 1 })
    return
  }
  stop(scope, key, booking, result)
}

/** Books it again; if that is refused, the trigger stops, and says so. */
function rebook(scope: ActionScope, key: BookingKey, booking: ContractBooking): void {
  const problem = bookAgain(scope, key, booking)
  if (problem !== undefined) stop(scope, key, booking, problem)
}

function stop(
  scope: ActionScope,
  { contract, number }: BookingKey,
  { kind, name }: ContractBooking,
  code: ResultCode,
): void {
  const data = { booking: numberOfBooking(number), action: name, code }
  scope.emit({ source: contract, topic: stoppedTopic, data: JSON.stringify(data) })
  if (kind === 'migration') endMigration(scope, contract, 'given-up')
}
