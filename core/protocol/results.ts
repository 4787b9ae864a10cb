import { type Codec, CodecError } from '../codec/index.ts'

/** An ISO 20022 external status reason, as a pain.002 carries it; `undefined` where the payment was made. */
export interface ResultDescription {
  readonly number: number
  readonly iso: string | undefined
  /** What happened. */
  readonly summary: string
  /** What to do about it. */
  readonly action: string
}

const describe = (number: number, iso: string | undefined, summary: string, action: string): ResultDescription => ({
  number,
  iso,
  summary,
  action,
})

/**
 * Every result that a receipt can carry. Numbers are part of the encoding and never change; a retired one is not used
 * again. The reasons are codes of ISO 20022's ExternalStatusReason1Code.
 */
export const results = {
  OK: describe(0, undefined, 'Done.', 'Nothing.'),
  PARTLY_DONE: describe(
    1,
    undefined,
    'Some groups of the transaction were done, others failed.',
    'Look at the items of the receipt.',
  ),
  ALREADY_DONE: describe(
    2,
    undefined,
    'An earlier action with the same reference and content did this; nothing was moved again.',
    'Nothing: follow the pointer to the first receipt.',
  ),
  GROUP_ABORTED: describe(
    3,
    'NARR',
    'Another action of the same group failed, so nothing of the group was done.',
    'Look at the failed item of the group.',
  ),

  ACTION_NOT_ACTIVE: describe(
    16,
    'AG03',
    'The kind of action has no meaning in this protocol version.',
    'Wait for the feature, or use another action.',
  ),
  NOT_AUTHORIZED: describe(
    17,
    'AG08',
    'No authorizer of the transaction may do this.',
    'Let the account or member with the right authorize it.',
  ),
  LIMITS_TOO_LOW: describe(
    18,
    'NARR',
    'The declared limits are below what the actions need.',
    'Build the transaction with the limits that the client computes.',
  ),
  MEMBER_QUOTA_EXCEEDED: describe(
    19,
    'NARR',
    "The payer's quota of this block is used up.",
    'Send it again, with a new nonce.',
  ),
  WRONG_PAYER: describe(
    20,
    'AG08',
    'The payer is neither the member of an authorizer nor one itself.',
    'Name the member of an authorizer as the payer.',
  ),
  TICKET_INVALID: describe(
    21,
    'NARR',
    'The ticket does not exist, has expired or belongs to an account that does not authorize.',
    'Create a ticket and sign again.',
  ),

  MEMBER_UNKNOWN: describe(32, 'AGNT', 'There is no such member.', 'Check the identifier of the member.'),
  MEMBER_ROLE_MISSING: describe(33, 'AG08', 'The member lacks the role for this.', 'Ask a member with the role.'),

  ACCOUNT_UNKNOWN: describe(48, 'AC01', 'There is no such account.', 'Check the account, or open it first.'),
  ACCOUNT_CLOSED: describe(49, 'AC04', 'The account is closed.', 'Use another account of the party.'),
  ACCOUNT_FROZEN: describe(50, 'AC06', 'The account is frozen.', 'Ask the member that keeps the account.'),
  ACCOUNT_EXISTS: describe(51, 'NARR', 'The account is open already.', 'Nothing, or choose another salt.'),
  ACCOUNT_NOT_EMPTY: describe(
    52,
    'NARR',
    'The account still has balances or holds.',
    'Move the balances and end the holds first.',
  ),
  ACCOUNT_PARENT_INVALID: describe(
    53,
    'NARR',
    'The parent is not an open account of the same member.',
    'Name an open account of the member.',
  ),
  POLICY_NOT_SUPPORTED: describe(
    54,
    'NARR',
    'The policy uses limits, recovery or permissions that are not active yet.',
    'Leave them out.',
  ),
  KEY_NOT_ACCEPTABLE: describe(55, 'NARR', 'A public key of the policy is malformed or weak.', 'Make a new key.'),

  ASSET_UNKNOWN: describe(64, 'AM11', 'There is no such asset.', 'Check the asset.'),
  ASSET_FROZEN: describe(65, 'AM07', 'The asset is frozen.', 'Ask its issuer.'),
  ASSET_EXISTS: describe(66, 'NARR', 'The issuer has an asset of this code already.', 'Choose another code.'),
  ASSET_KIND_NOT_SUPPORTED: describe(67, 'NARR', 'Only fungible assets are active yet.', 'Wait for the feature.'),
  ASSET_INVALID: describe(
    68,
    'NARR',
    'The asset has no code or too many decimals, or its issuance account is not an open one of the issuer.',
    'Open an issuance account of the issuer first.',
  ),
  SUPPLY_EXCEEDED: describe(69, 'NARR', "The issue goes beyond the asset's largest supply.", 'Issue less.'),

  INSUFFICIENT_FUNDS: describe(
    80,
    'AM04',
    'The balance, less pending and frozen amounts, is too low.',
    'Fund the account, or pay less.',
  ),
  SAME_ACCOUNT: describe(81, 'AC03', 'Debit and credit are the same account.', 'Name two accounts.'),
  AMOUNT_OVERFLOW: describe(82, 'AM02', 'A total would go beyond 128 bits.', 'Use smaller amounts.'),
  ISSUANCE_ACCOUNT_USED: describe(
    83,
    'AC12',
    'An issuance account moves by issue and redeem only.',
    'Use issue or redeem.',
  ),

  REFERENCE_CONFLICT: describe(
    96,
    'DUPL',
    'The reference was used for a payment with other content.',
    'Check both payments; a new payment needs a new reference.',
  ),
  REFERENCE_DATE_OUT_OF_WINDOW: describe(
    97,
    'DT01',
    'The business date is outside the window in which references are kept.',
    'Use a date of the window.',
  ),
  REFERENCE_MEMBER_WRONG: describe(
    98,
    'AG08',
    "The reference is not of the debited account's member.",
    'Use a reference of that member.',
  ),

  HOLD_UNKNOWN: describe(112, 'NARR', 'There is no such hold, or it has ended.', 'Look at the receipt that ended it.'),
  HOLD_EXPIRED: describe(113, 'TM01', 'The hold has expired.', 'Make a new hold.'),
  HOLD_AMOUNT_EXCEEDED: describe(
    114,
    'AM14',
    'More than the held amount can not be posted.',
    'Post at most what is held.',
  ),
  HOLD_EXPIRY_INVALID: describe(
    115,
    'DT01',
    'The expiry is not after the block, or too far ahead.',
    'Choose an expiry within the limit.',
  ),

  TICKET_EXPIRY_INVALID: describe(
    128,
    'DT01',
    'The expiry of tickets is not after the block, or too far ahead, or none or too many are asked for.',
    'Choose an expiry within 90 days, and from 1 to 1000 tickets.',
  ),

  CONTRACT_UNKNOWN: describe(144, 'NARR', 'There is no such contract.', 'Check its id.'),
  CONTRACT_EXISTS: describe(
    145,
    'NARR',
    'The member has a contract of this name already.',
    'Upgrade it, or name another.',
  ),
  CONTRACT_PAUSED: describe(146, 'NARR', 'The contract is paused.', 'Ask the member that keeps it.'),
  CONTRACT_MIGRATING: describe(
    147,
    'NARR',
    'The contract is being upgraded.',
    'Send it again in a while, with a new nonce.',
  ),
  CONTRACT_ACTION_UNKNOWN: describe(
    148,
    'NARR',
    'The contract has no such action, or only its triggers may call it.',
    'Look at the schema of the contract.',
  ),
  CONTRACT_INPUT_INVALID: describe(
    149,
    'NARR',
    'The input is not what the schema of the action asks for; the event names the field.',
    'Look at the schema of the contract.',
  ),
  CONTRACT_REFUSED: describe(
    150,
    'NARR',
    "The contract refused, with a code and a message of its own in the receipt's event.",
    'Look at the event.',
  ),
  CONTRACT_FAILED: describe(
    151,
    'NARR',
    'The contract threw an error that it did not expect; nothing of the call remains.',
    'Tell its author: the logs have the line.',
  ),
  CONTRACT_FUEL_EXCEEDED: describe(152, 'NARR', 'The call used up its fuel.', 'Declare more fuel, up to the limit.'),
  CONTRACT_MEMORY_EXCEEDED: describe(153, 'NARR', 'The call wanted more memory than is allowed.', 'Do less at once.'),
  CONTRACT_DEPTH_EXCEEDED: describe(154, 'NARR', 'Functions called each other too deeply.', 'Recur less.'),
  CONTRACT_HOST_CALLS_EXCEEDED: describe(155, 'NARR', 'The call asked the ledger too often.', 'Do less at once.'),
  CONTRACT_OUTPUT_EXCEEDED: describe(
    156,
    'NARR',
    'A text that left the contract was too long.',
    'Return less at once.',
  ),
  CONTRACT_WRITES_EXCEEDED: describe(
    157,
    'NARR',
    'The call wrote more bytes than it declared.',
    'Declare more, up to the limit.',
  ),
  CONTRACT_EVENTS_EXCEEDED: describe(158, 'NARR', 'The call made too many events.', 'Do less at once.'),
  CONTRACT_CALL_DEPTH_EXCEEDED: describe(159, 'NARR', 'Contracts called each other too deeply.', 'Nest less.'),
  CONTRACT_REENTERED: describe(
    160,
    'NARR',
    'A contract was called while a call of it was under way.',
    'Call it when that is over; its views may be called.',
  ),
  CONTRACT_READ_ONLY: describe(161, 'NARR', 'A view tried to change something.', 'Use an action.'),
  CONTRACT_ROW_INVALID: describe(162, 'NARR', 'A row has no key, or is too long.', 'Split it.'),
  CONTRACT_QUESTION_INVALID: describe(
    163,
    'NARR',
    'The contract asked the ledger something that it does not understand.',
    'Build it with the current kit.',
  ),
  CONTRACT_CODE_INVALID: describe(
    164,
    'NARR',
    'The script failed, or its manifest has not the right form; the event says where.',
    'Test and build the contract again.',
  ),
  CONTRACT_MACHINE_OTHER: describe(
    165,
    'NARR',
    'The code is for another version of the machine.',
    'Build it with the kit of this network.',
  ),
  CONTRACT_LIMIT_TOO_HIGH: describe(
    166,
    'NARR',
    'More fuel or bytes are declared than the network allows.',
    'Declare less; the parameters of the ledger say how much.',
  ),
  CONTRACT_PREPAID_TOO_LOW: describe(
    167,
    'NARR',
    "The contract's prepaid steps don't cover the trigger.",
    'Fund the contract.',
  ),
  BOOKING_MINUTE_FULL: describe(168, 'NARR', 'The minute is booked up.', 'Choose another minute.'),
  BOOKING_TIME_INVALID: describe(
    169,
    'DT01',
    'The time lies before the block or too far ahead, or a cadence is below a minute.',
    'Choose another time.',
  ),
  CONTRACT_NAME_INVALID: describe(
    170,
    'NARR',
    'A name begins with a small letter and has letters, digits and hyphens.',
    'Choose another name.',
  ),
  FUNDS_EXCEEDED: describe(
    171,
    'AM14',
    'The contract wanted more from an account than the funds of the call allow.',
    'List more funds, or look at what the contract does.',
  ),
} as const satisfies Record<string, ResultDescription>

export type ResultCode = keyof typeof results

const byNumber = new Map<number, ResultCode>(
  (Object.keys(results) as ResultCode[]).map((code) => [results[code].number, code]),
)
const codes = Object.keys(results) as ResultCode[]

/** Two bytes: the number of the result. */
export const resultCode: Codec<ResultCode> = {
  write: (writer, code) => {
    const description = Object.hasOwn(results, code) ? results[code] : undefined
    if (description === undefined) throw new CodecError('CODEC_UNKNOWN_VARIANT', '', 'not a result code')
    writer.u16(description.number)
  },
  read: (reader) => {
    const number = reader.u16()
    const code = byNumber.get(number)
    if (code === undefined) throw new CodecError('CODEC_UNKNOWN_VARIANT', '', `${number} is no result`)
    return code
  },
  toJson: (code) => code,
  fromJson: (json, path) => {
    if (typeof json !== 'string' || !Object.hasOwn(results, json)) {
      throw new CodecError('CODEC_UNKNOWN_VARIANT', path, 'not a result code')
    }
    return json as ResultCode
  },
  sample: (sampler) => codes[sampler.below(codes.length)]!,
}

/** The result with a number that this build wrote itself. @throws {RangeError} for any other number. */
export function resultOfNumber(number: number): ResultCode {
  const code = byNumber.get(number)
  if (code === undefined) throw new RangeError(`${number} is no result`)
  return code
}

/** Whether the action took effect, now or earlier. */
export function isDone(code: ResultCode): boolean {
  return code === 'OK' || code === 'ALREADY_DONE'
}
