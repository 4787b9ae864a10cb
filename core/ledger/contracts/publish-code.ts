import {
  type ActionOf,
  type CodeHash,
  type ContractId,
  type ContractManifest,
  codeHashOf,
  ManifestError,
  type MemberId,
  type ResultCode,
  readManifest,
} from '../../protocol/index.ts'
import type { ActionOutcome, ActionScope } from '../action-scope.ts'
import { latin1 } from '../state/state-key-text.ts'
import { book } from './bookings.ts'
import { failed } from './contract-call.ts'
import { outcomeOf } from './outcome.ts'
import { limitsOf, warm } from './programs.ts'

type PublishedCode = Pick<ActionOf<'contract-upgrade'>, 'vmVersion' | 'script' | 'source' | 'sourceMap' | 'fuel'>

/**
 * Evaluates a script and stores it with what it says of itself; code that is there already is stored once.
 * @returns why it is refused, or the code.
 */
export function publishCode(
  scope: ActionScope,
  contract: ContractId,
  member: MemberId,
  { vmVersion, script, source, sourceMap, fuel }: PublishedCode,
): { readonly code: CodeHash; readonly manifest: ContractManifest } | ActionOutcome {
  const { contracts } = scope.block.parameters
  const refuse = (result: ResultCode, message: string) => outcomeOf(scope, contract, failed(result, message))
  if (vmVersion !== contracts.vmVersion)
    return refuse('CONTRACT_MACHINE_OTHER', `this network has ${contracts.vmVersion}`)
  if (fuel > contracts.fuelMax) return refuse('CONTRACT_LIMIT_TOO_HIGH', `fuel, at most ${contracts.fuelMax}`)
  const code = codeHashOf({ vmVersion, script, source, sourceMap })
  const key = { kind: 'contract-code', code } as const
  const known = scope.state.get<'contract-code'>(key)
  if (known !== undefined) return { code, manifest: scope.block.programs.manifestOf(code) }

  const limits = limitsOf(contracts, fuel)
  const { runner } = scope.block.programs
  const opened = runner.open(latin1(code), script, limits)
  if (!('contract' in opened)) {
    const what = opened.kind === 'threw' ? `${opened.message} ${opened.stack}` : opened.limit
    return refuse('CONTRACT_CODE_INVALID', `evaluating the script: ${what}`)
  }
  const answer = opened.contract.call('{"kind":"manifest"}', () => '!CONTRACT_READ_ONLY manifest', limits)
  if (answer.kind !== 'returned') {
    const what = answer.kind === 'threw' ? `${answer.message} ${answer.stack}` : answer.limit
    return refuse('CONTRACT_CODE_INVALID', `asking for the manifest: ${what}`)
  }
  try {
    const manifest = readManifest(answer.output)
    const stored = {
      member,
      vmVersion,
      script,
      manifest: answer.output,
      sourceMap,
      source,
      fuel: Number(opened.fuelUsed),
    }
    scope.create<'contract-code'>(key, stored, member)
    warm(scope, code)
    return { code, manifest }
  } catch (error) {
    if (error instanceof ManifestError) return refuse('CONTRACT_CODE_INVALID', `manifest: ${error.message}`)
    throw error
  }
}

/** Books the first call of every cadence that a contract declares. */
export function bookSchedules(
  scope: ActionScope,
  contract: ContractId,
  { schedules, actions }: ContractManifest,
): ResultCode | undefined {
  const { timeMs } = scope.block
  for (const { action, input, everyMs, firstAtMs, fuel } of schedules) {
    if (actions.get(action)!.check(input, 'input') !== undefined) return 'CONTRACT_INPUT_INVALID'
    const booked = book(scope, contract, {
      kind: 'schedule',
      name: action,
      input: JSON.stringify(input),
      dueMs: Math.max(firstAtMs ?? timeMs + everyMs, timeMs),
      everyMs,
      fuel,
      hop: 0,
      cause: scope.place.transaction,
    })
    if (typeof booked === 'string') return booked
  }
  return undefined
}
