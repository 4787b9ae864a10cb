import { ClientError, type ClientErrorCode } from '@tallystick/client'
import { ConfigError } from '@tallystick/node/config'
import { KeyError } from '@tallystick/node/keys'
import { type ExitCode, exitCodes } from './exit-codes.ts'

const { failed, usage, unavailable, unverified, interrupted } = exitCodes

/** Every failure of the command itself: its exit status, and what to do. docs/cli.md has a section for each. */
export const cliErrors = {
  USAGE: [usage, 'Add --help to see how the command is used.'],
  VALUE_INVALID: [usage, 'Correct the value; --help shows an example.'],
  FILE_UNREADABLE: [usage, 'Check the path and the rights of the file.'],
  CONFIRMATION_NEEDED: [usage, 'Run it in a terminal, or confirm with --yes.'],
  CONFIRMATION_DECLINED: [failed, 'Nothing was changed. Confirm with y, or --yes.'],
  NETWORK_MISSING: [usage, 'Create a network with `tallystick network create`, or name its folder with --home.'],
  NETWORK_RUNNING: [
    failed,
    'Use the running network, or end it first: Ctrl-C where it was started, or `tallystick network stop`.',
  ],
  NETWORK_NOT_RUNNING: [unavailable, 'Start it with `tallystick network start` or `npm start`.'],
  NETWORK_PORT_IN_USE: [
    unavailable,
    'End the program that listens on the port, or change it in node.json of every node.',
  ],
  NETWORK_NOT_READY: [unavailable, 'Look into the logs of the nodes, then start again.'],
  NODE_START_FAILED: [unavailable, 'Look into the log of the node.'],
  NODE_STOPPED: [
    unavailable,
    'Look into the log of the node, then start again: nothing that was acknowledged is lost.',
  ],
  REPLAY_DIFFERS: [unverified, 'The blocks do not lead to the recorded state: restore the node from the others.'],
  MEMBER_UNKNOWN: [usage, 'See `tallystick member list`.'],
  ASSET_UNKNOWN: [usage, 'See `tallystick asset show`.'],
  ACCOUNT_UNKNOWN: [usage, 'Name an address, or an account of the address book: `tallystick account list`.'],
  KEY_OF_OTHER: [usage, 'Name the key file of whoever signs with --key, or leave it out where the key is in the home.'],
  ACCOUNT_KEY_UNKNOWN: [
    usage,
    'Import the key into the address book with `tallystick accounts import`, or name it with --key.',
  ],
  ADDRESS_BOOK_MALFORMED: [usage, 'Correct the named line; docs/payments.md describes the form.'],
  ADDRESS_BOOK_CONFLICT: [usage, 'Check which address is right; --replace takes the new one.'],
  DEMO_NETWORK_ONLY: [usage, 'Open and fund accounts by hand: `tallystick account open`, `tallystick asset issue`.'],
  SETUP_FAILED: [failed, 'Look at the receipt that is named; then run the command again, it goes on where it stopped.'],
  TRANSACTION_REJECTED: [failed, 'Follow the remedy of the result; the receipt tells what happened.'],
  PAYMENTS_FILE_REFUSED: [
    usage,
    'Correct the file and run the command again: nothing was sent. --partial sends what has no problem.',
  ],
  PAYMENTS_UNFINISHED: [failed, 'Run the same command again: what was paid is not paid twice.'],
  PAYMENT_RECORD_MALFORMED: [
    usage,
    'Import the payment file again: the record is written anew, nothing is paid twice.',
  ],
  PAYMENT_NOT_FOUND: [usage, 'See `tallystick payments status` for what was imported.'],
  PAYMENT_AMBIGUOUS: [usage, 'Name the message with --message, or the payment by its ordinal.'],
  CONTRACT_UNKNOWN: [usage, 'See `tallystick contract list`; name it by its id, or as MEMBER/NAME.'],
  CONTRACT_ACTION_UNKNOWN: [usage, 'See `tallystick contract show` for what the contract has.'],
  CONTRACT_INPUT_INVALID: [usage, 'Correct the named field; `tallystick contract show` tells what the contract takes.'],
  CONTRACT_PREPAID_INVALID: [
    usage,
    'Give a number that the message allows; `tallystick contract fund` buys more steps later, as often as needed.',
  ],
  CONTRACT_VIEW_FAILED: [failed, 'Do what the message says; the words are of the contract.'],
  CONTRACT_MIGRATION_GIVEN_UP: [
    failed,
    'The contract goes on as before. Correct `migrate`, try it in a test with `ledger.upgrade`, then upgrade again.',
  ],
  CONTRACT_SOURCE_DIFFERS: [unverified, 'Do not rely on the source: the contract was not made of it.'],
  CONTRACT_FOLDER_TAKEN: [usage, 'Name a folder that does not exist, or is empty.'],
  CONTRACT_TESTS_MISSING: [usage, 'Name the folder of a project with tests; `tallystick contract new` writes one.'],
  CONTRACT_TESTS_FAILED: [
    failed,
    'Look at the failures; `tallystick contract test --native` runs them with breakpoints.',
  ],
  PROOF_REFUSED: [unverified, 'Do not rely on the document. Get it again, from another node.'],
  INTERRUPTED: [interrupted, 'Run the same command again to go on.'],
  INTERNAL: [failed, 'This is a fault of Tallystick: report it with the text above.'],
} as const satisfies Record<string, readonly [exit: ExitCode, remedy: string]>

export type CliErrorCode = keyof typeof cliErrors

/** A failure with a stable code. `message` says what happened. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: CliErrorCode
  /** More for machines: the fields of the failure. */
  readonly fields: Readonly<Record<string, unknown>>
  /** What to do, where more can be said than that of the code. */
  readonly remedy: string | undefined

  constructor(
    code: CliErrorCode,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
    remedy: string | undefined = undefined,
  ) {
    super(message)
    this.code = code
    this.fields = fields
    this.remedy = remedy
  }
}

/** A failure as it is shown, and the exit status that it leads to. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly docs: string
  readonly exit: ExitCode
  readonly fields: Readonly<Record<string, unknown>>
}

/** A failure that another part described, ready to be shown. */
export class CodedFailure extends Error {
  override readonly name = 'CodedFailure'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

const unavailableCodes: ReadonlySet<ClientErrorCode> = new Set<ClientErrorCode>([
  'CLIENT_NO_NODE_ANSWERED',
  'CLIENT_NODE_UNREACHABLE',
  'CLIENT_NODE_TIMEOUT',
])
const unreachableRemedy =
  'Start the network with `tallystick network start`, or correct the addresses (--node, or network.json of the home).'
const usageCodes: ReadonlySet<ClientErrorCode> = new Set<ClientErrorCode>([
  'CLIENT_GENESIS_MALFORMED',
  'CLIENT_NODE_ADDRESS_INVALID',
  'CLIENT_KEY_INVALID',
  'CLIENT_NOT_FOUND',
  'CLIENT_INPUT_INVALID',
])

function exitOfClient(code: ClientErrorCode): ExitCode {
  if (unavailableCodes.has(code)) return unavailable
  if (usageCodes.has(code)) return usage
  if (code.startsWith('CLIENT_PROOF_')) return unverified
  return code === 'CLIENT_ABORTED' ? interrupted : failed
}

function ofClient(error: ClientError): Failure {
  const { code, action, docs, problem, attempts } = error
  const others = attempts.filter((attempt) => attempt.code !== code)
  const reasons = others.map((attempt) => `${attempt.node ?? 'node'}: ${attempt.code}`)
  const said = problem && `${problem.code}: ${problem.detail}`
  const message = [error.message, !error.message.includes(said ?? '') && said, ...reasons].filter(Boolean).join(' ')
  const exit = exitOfClient(code)
  const remedy = exit === unavailable ? unreachableRemedy : (problem?.action ?? action)
  return { code, message, remedy, docs, exit, fields: {} }
}

/** Errors of the node carry codes of their own; Node's system errors, such as ENOSPC, are none of ours. */
function isCoded(error: unknown): error is Error & { code: string; remedy?: string; action?: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[A-Z]+(_[A-Z0-9]+)+$/.test(error.code) &&
    !error.code.startsWith('ERR_')
  )
}

/** The code, words and exit status of any error. What has no code is a fault of the program. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CliError) {
    const { code, message, fields } = error
    const [exit, remedy] = cliErrors[code]
    return { code, message, remedy: error.remedy ?? remedy, docs: docsOf(code), exit, fields }
  }
  if (error instanceof CodedFailure) return error.failure
  if (error instanceof KeyError || error instanceof ConfigError) {
    const { code, message, remedy, path } = error
    return { code, message, remedy, docs: docsOf(code), exit: usage, fields: { path } }
  }
  if (error instanceof ClientError) return ofClient(error)
  if (error instanceof Error && error.name === 'AbortError') return describeFailure(interruption())
  if (isCoded(error)) {
    const { code, message, remedy, action } = error
    const docs = `docs/errors.md#${code.toLowerCase()}`
    return { code, message, remedy: remedy ?? action ?? cliErrors.NODE_STOPPED[1], docs, exit: failed, fields: {} }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: 'INTERNAL',
    message,
    remedy: cliErrors.INTERNAL[1],
    docs: docsOf('INTERNAL'),
    exit: failed,
    fields: {},
  }
}

/** What a command ends with when the person ends it. */
export function interruption(): CliError {
  return new CliError('INTERRUPTED', 'the command was ended')
}

function docsOf(code: string): string {
  return `docs/cli.md#${code.toLowerCase()}`
}
