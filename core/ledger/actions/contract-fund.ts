import { giveBack } from '../contracts/bookings.ts'
import { type ActionRule, done } from './rule.ts'

/** Buys steps for a contract's triggers, with the payer's quota. By anyone. */
export const contractFund: ActionRule<'contract-fund'> = {
  requires: (source, { contract }) => (source.contract(contract) === undefined ? 'CONTRACT_UNKNOWN' : []),

  execute: (scope, { contract, steps }) => {
    giveBack(scope, contract, steps)
    return done
  },
}
