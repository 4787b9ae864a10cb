import { type ResultCode, results } from '@tallystick/core/protocol'

/** Options and commands that mend what a result, or a contract's refusal with the same code, complains of. */
const remedies = {
  CONTRACT_PREPAID_TOO_LOW:
    'Buy steps for its triggers: `tallystick contract fund CONTRACT STEPS`, or `--prepaid` at the deployment; `tallystick contract show` tells what is left.',
  CONTRACT_EXISTS:
    'Give it another version with `tallystick contract upgrade`, or deploy under another name with --as.',
  CONTRACT_FUEL_EXCEEDED: 'Give the call more with --fuel; in a test, `lastFuel` tells what one takes.',
  CONTRACT_WRITES_EXCEEDED: 'Give the call more with --written-bytes.',
  CONTRACT_ACTION_UNKNOWN: 'See `tallystick contract show` for its actions; internal ones are for triggers alone.',
  CONTRACT_PAUSED: 'The member that keeps it lets it go on with `tallystick contract resume`.',
  FUNDS_EXCEEDED: 'Give the call what it may take: --fund ACCOUNT:ASSET:AMOUNT.',
  NOT_AUTHORIZED: "Let whoever may do it sign: a call with --as, all else with the key of the contract's member.",
  MEMBER_ROLE_MISSING: 'Name a member with the role with --by; `tallystick member list` tells who has it.',
} as const satisfies Partial<Record<ResultCode, string>>

/** What to do about an action of a contract that was not done. @param code - The contract's own where it refused. */
export function remedyOf({ result, code }: { readonly result: ResultCode; readonly code: string }): string {
  if (Object.hasOwn(remedies, code)) return remedies[code as keyof typeof remedies]
  return code === result ? results[result].action : 'Do what the message says; code and words are of the contract.'
}
