import { oneGroup } from '@tallystick/client'
import type { Manifest } from '@tallystick/contract-kit'
import { toHex } from '@tallystick/core/codec'
import { type Action, type MemberId, memberIdOf, requiredLimits, stepsOfTrigger } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'

/** The steps that a command buys for triggers, and how they are given to it. */
export interface Prepaid {
  /** `--prepaid` or `<steps>`. */
  readonly option: string
  readonly steps: number
}

/**
 * Whether the payer can buy so many steps in one transaction: one that is beyond its quota of a block never gets through.
 * @throws {CliError} CONTRACT_PREPAID_INVALID, with the most that can be given.
 */
export function checkPrepaidFits(
  { client: { genesis } }: Pick<Connection, 'client'>,
  payer: MemberId,
  action: Action,
  { option, steps }: Prepaid,
): void {
  const needed = requiredLimits({ groups: oneGroup([action]) }).steps
  const { quota } = genesis.members.find(({ identifier }) => toHex(memberIdOf(identifier)) === toHex(payer))!
  const stepsMax = Math.min(quota.stepsPerBlock, genesis.parameters.block.stepsMax)
  if (needed <= stepsMax) return
  const most = Math.max(0, stepsMax - (needed - steps))
  const message = `${option} ${number(steps)} is too much: with it the transaction takes ${number(needed)} steps, and its payer has ${number(stepsMax)} a block; at most ${number(most)} fit`
  throw new CliError('CONTRACT_PREPAID_INVALID', message, { steps, mostSteps: most })
}

/**
 * Whether the steps pay for the cadences that a deployment books.
 * @throws {CliError} CONTRACT_PREPAID_INVALID, with the least that must be given.
 */
export function checkPrepaidCovers({ name, schedules }: Manifest, { option, steps }: Prepaid): void {
  const least = schedules.reduce((sum, { fuel }) => sum + stepsOfTrigger(fuel), 0)
  if (steps >= least) return
  const message = `${option} ${number(steps)} is too little: the schedules of ${name} book ${number(least)} steps at the deployment; give at least that`
  throw new CliError('CONTRACT_PREPAID_INVALID', message, { steps, leastSteps: least })
}

function number(value: number): string {
  return value.toLocaleString('en')
}
