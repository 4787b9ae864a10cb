import { equalBytes, toHex } from '../../codec/index.ts'
import type { CallMeter, CallOutcome } from '../../contract-vm/index.ts'
import {
  type CodeHash,
  type ContractId,
  type ContractRecord,
  type Fund,
  type JsonValue,
  parseJson,
  type ResultCode,
  type StateKey,
  storageIdOf,
} from '../../protocol/index.ts'
import type { ActionScope } from '../action-scope.ts'
import { latin1 } from '../state/state-key-text.ts'
import type { StateStore } from '../state/state-store.ts'
import type { ContractBlock } from './contract-block.ts'
import { ContractHost } from './contract-host.ts'
import { FundsLeft } from './funds.ts'
import { isWarm, limitsOf, warm } from './programs.ts'

/** Who calls, as the script is told of it. */
export interface ShownCaller {
  readonly kind: 'account' | 'member' | 'contract'
  readonly id: string
}

/** What made the ledger call by itself. */
export interface Trigger {
  readonly kind: 'schedule' | 'subscription' | 'migration'
  /** The transaction that booked it. */
  readonly transaction: string
  readonly hop: number
  /** The number of the booking, which the call may cancel: all but a migration's. */
  readonly booking?: number | undefined
}

export interface CallRequest {
  readonly contract: ContractId
  readonly kind: 'action' | 'view' | 'migration'
  readonly name: string
  readonly input: JsonValue
  readonly callers: readonly ShownCaller[]
  readonly funds: readonly Fund[]
  readonly by?: Trigger | undefined
}

/** How a call ended. `told` is what strangers learn of a failure. */
export type CallEnd =
  | { readonly kind: 'done'; readonly output: string | undefined; readonly fuelUsed: bigint }
  | {
      readonly kind: 'failed'
      readonly result: ResultCode
      readonly told: { readonly code: string; readonly message: string }
      readonly fuelUsed: bigint
      /** Funds and rows are as before. */
    }

/** A call, for its contract's author: what it logged, used, and where it failed. Not part of the ledger. */
export interface ContractNote {
  readonly contract: ContractId
  /** That ran: of a migration, the one which comes. */
  readonly code: CodeHash
  readonly name: string
  readonly lines: readonly string[]
  /** Of what it threw, with the places of the script. */
  readonly stack: string | undefined
  readonly fuelUsed: number
}

/** A call under way. */
export interface Frame {
  readonly contract: ContractId
  readonly code: CodeHash
  readonly record: ContractRecord
  /** Where its rows are. */
  readonly storage: Uint8Array
  /** Those that it has asked for, by their keys. */
  readonly places: Map<string, Extract<StateKey, { kind: 'contract-row' }>>
  readonly request: CallRequest
  readonly funds: FundsLeft
  readonly readOnly: boolean
  readonly lines: string[]
}

const toldMax = 512
/** Of one call with all that it calls. */
const linesMax = 100
const notesMax = 32

const resultOfLimit: Readonly<Record<string, ResultCode>> = {
  fuel: 'CONTRACT_FUEL_EXCEEDED',
  depthBytes: 'CONTRACT_DEPTH_EXCEEDED',
  memoryPages: 'CONTRACT_MEMORY_EXCEEDED',
  hostCalls: 'CONTRACT_HOST_CALLS_EXCEEDED',
  outputBytes: 'CONTRACT_OUTPUT_EXCEEDED',
  writtenBytes: 'CONTRACT_WRITES_EXCEEDED',
  events: 'CONTRACT_EVENTS_EXCEEDED',
}

/** A call of a contract with all that it calls in turn: each does everything that it asked for, or nothing. */
export class ContractCall {
  readonly block: ContractBlock
  /** What it writes through; a view that is called from outside has none. */
  readonly scope: ActionScope | undefined
  readonly notes: ContractNote[] = []
  /** Whether the call cancelled the booking that is being run. It counts if the call succeeds. */
  isBookingCancelled = false
  readonly #frames: Frame[] = []
  readonly #host: ContractHost
  readonly #writtenBytesMax: number
  #writtenBytes = 0
  #linesLogged = 0

  constructor(block: ContractBlock, scope: ActionScope | undefined, writtenBytesMax: number) {
    this.block = block
    this.scope = scope
    this.#writtenBytesMax = writtenBytesMax
    this.#host = new ContractHost(this)
  }

  get state(): StateStore {
    return this.block.state
  }

  get depth(): number {
    return this.#frames.length
  }

  /** Of the trigger that all of this began with; 0 if a transaction did. */
  get hop(): number {
    return this.#frames[0]?.request.by?.hop ?? 0
  }

  isUnderWay(contract: ContractId): boolean {
    const text = latin1(contract)
    return this.#frames.some((frame) => latin1(frame.contract) === text)
  }

  /** Counts what is written. @returns false if it is more than was declared. */
  countWritten(bytes: number): boolean {
    this.#writtenBytes += bytes
    return this.#writtenBytes <= this.#writtenBytesMax
  }

  /** What evaluating a contract's code would cost its next call: nothing while the code is warm. */
  evaluationFuel({ contract, kind }: CallRequest): number {
    const record = this.state.get<'contract'>({ kind: 'contract', contract })
    const code = (kind === 'migration' ? record?.nextCode : undefined) ?? record?.code
    return code === undefined || isWarm(this.state, code) ? 0 : this.block.programs.evaluationFuel(code)
  }

  run(request: CallRequest, fuel: bigint): CallEnd {
    const record = this.state.get<'contract'>({ kind: 'contract', contract: request.contract })
    if (record === undefined) return failed('CONTRACT_UNKNOWN', toHex(request.contract))
    if (record.status === 'paused') return failed('CONTRACT_PAUSED', record.name)
    if (record.status === 'migrating' && request.kind === 'action') return failed('CONTRACT_MIGRATING', record.name)
    return this.#runOf(record, request, fuel)
  }

  #runOf(record: ContractRecord, request: CallRequest, fuel: bigint): CallEnd {
    const code = (request.kind === 'migration' ? record.nextCode : undefined) ?? record.code
    const problem = this.#problemOf(request, code)
    if (problem !== undefined) return problem
    const isBusy = this.#frames.some((frame) => equalBytes(frame.code, code))
    const isCold = this.scope !== undefined && !isWarm(this.state, code)
    const evaluation = isCold || isBusy ? this.block.programs.evaluationFuel(code) : 0
    if (BigInt(evaluation) > fuel)
      return failed('CONTRACT_FUEL_EXCEEDED', `loading the contract takes ${evaluation}`, fuel)
    if (isCold) warm(this.scope, code)

    const program = this.block.programs.open(code, isBusy)
    const funds = new FundsLeft(request.funds)
    const readOnly = request.kind === 'view' || this.scope === undefined
    // A migration writes the rows of the next generation.
    const { contract } = request
    const { told, storage: own } = this.block.programs.identityOf(contract, record)
    const storage = request.kind === 'migration' ? storageIdOf(contract, record.generation + 1) : own
    const frame = { contract, code, record, storage, places: new Map(), request, funds, readOnly, lines: [] }
    const before = this.#mark()
    this.#frames.push(frame)
    let outcome: CallOutcome
    try {
      const answer = (question: string, meter: CallMeter): string => this.#host.answer(frame, question, meter)
      const limits = limitsOf(this.block.parameters.contracts, Number(fuel) - evaluation)
      outcome = program.contract.call(this.#textOf(frame, told), answer, limits)
    } finally {
      this.#frames.pop()
    }
    const end = this.#endOf(frame, outcome, evaluation)
    if (end.kind === 'failed') this.#takeBack(before)
    return end
  }

  #problemOf(
    { kind, name, input, by, callers, contract }: CallRequest,
    code: ContractRecord['code'],
  ): CallEnd | undefined {
    if (kind === 'migration') return undefined
    const manifest = this.block.programs.manifestOf(code)
    const callable = (kind === 'action' ? manifest.actions : manifest.views).get(name)
    const ownCall = callers.some((caller) => caller.kind === 'contract' && caller.id === toHex(contract))
    if (callable === undefined || (callable.internal && by === undefined && !ownCall)) {
      return failed('CONTRACT_ACTION_UNKNOWN', name)
    }
    const problem = callable.check(input, 'input')
    return problem === undefined ? undefined : failed('CONTRACT_INPUT_INVALID', problem)
  }

  /** @param told - What the contract is told of itself. */
  #textOf({ request, funds }: Frame, told: string): string {
    const { kind, name, input, callers, by } = request
    const shownFunds = JSON.stringify(funds.shown())
    const call = `{"kind":"${kind}","name":${JSON.stringify(name)},"input":${JSON.stringify(input)},"self":${told}`
    const place = `"now":${this.block.timeMs},"callers":${JSON.stringify(callers)},"funds":${shownFunds}`
    return `${call},${place}${by === undefined ? '' : `,"by":${JSON.stringify(by)}`}}`
  }

  #endOf(frame: Frame, outcome: CallOutcome, evaluation: number): CallEnd {
    const fuelUsed = outcome.fuelUsed + BigInt(evaluation)
    if (outcome.kind === 'exceeded') {
      const result = resultOfLimit[outcome.limit]!
      this.#note(frame, undefined, fuelUsed)
      return failed(result, outcome.limit, fuelUsed)
    }
    if (outcome.kind === 'threw') {
      this.#note(frame, `${outcome.message}\n${outcome.stack}`, fuelUsed)
      return failed('CONTRACT_FAILED', outcome.message, fuelUsed)
    }
    const answer = readAnswer(outcome.output)
    if (answer === undefined) {
      this.#note(frame, undefined, fuelUsed)
      return failed('CONTRACT_FAILED', 'the script answered in no known form', fuelUsed)
    }
    if ('refused' in answer) {
      const { code, message, stack } = answer.refused
      this.#note(frame, `${code}: ${message}\n${stack}`, fuelUsed)
      return { ...failed('CONTRACT_REFUSED', message, fuelUsed), told: { code, message } }
    }
    this.#note(frame, undefined, fuelUsed)
    return { kind: 'done', output: answer.output, fuelUsed }
  }

  log({ lines }: Frame, line: string): void {
    if (this.#linesLogged++ < linesMax) lines.push(line.slice(0, toldMax))
  }

  #note({ contract, code, request, lines }: Frame, stack: string | undefined, fuelUsed: bigint): void {
    // Of calls within calls some; the outermost, which ends last, always.
    if (this.#frames.length > 0 && this.notes.length >= notesMax) return
    this.notes.push({ contract, code, name: request.name, lines, stack, fuelUsed: Number(fuelUsed) })
  }

  /** Tells the block's readers what was noted. */
  noteIn({ block, place: { transaction, action } }: ActionScope): void {
    // Field by field: a spread takes ten times as long, which is felt in every call.
    for (const { contract, code, name, lines, stack, fuelUsed } of this.notes) {
      block.notes.push({ contract, code, name, lines, stack, fuelUsed, transaction, action })
    }
  }

  #mark(): Mark {
    const { scope } = this
    return {
      state: this.state.mark(),
      entries: scope?.entries.length ?? 0,
      events: scope?.events.length ?? 0,
      credits: scope?.credits.length ?? 0,
      writtenBytes: this.#writtenBytes,
    }
  }

  #takeBack({ state, entries, events, credits, writtenBytes }: Mark): void {
    if (this.scope === undefined) return
    this.state.rollback(state)
    this.scope.entries.length = entries
    this.scope.events.length = events
    this.scope.credits.length = credits
    this.#writtenBytes = writtenBytes
  }

  /** Runs a change that a host's answer consists of: if it is refused, nothing of it remains. */
  attempt(change: () => ResultCode | undefined): ResultCode | undefined {
    const before = this.#mark()
    const problem = change()
    if (problem !== undefined) this.#takeBack(before)
    return problem
  }
}

interface Mark {
  readonly state: number
  readonly entries: number
  readonly events: number
  readonly credits: number
  readonly writtenBytes: number
}

export function failed(result: ResultCode, message: string, fuelUsed = 0n): Extract<CallEnd, { kind: 'failed' }> {
  return { kind: 'failed', result, told: { code: result, message: shortened(message) }, fuelUsed }
}

function shortened(text: string): string {
  const short = text.slice(0, toldMax)
  // Not in the middle of a pair.
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short
}

type Answer =
  | { readonly output: string | undefined }
  | { readonly refused: { readonly code: string; readonly message: string; readonly stack: string } }

function readAnswer(text: string): Answer | undefined {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if ('refused' in value) {
    const { code, message, stack } = (value.refused ?? {}) as { code?: unknown; message?: unknown; stack?: unknown }
    if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{0,63}$/.test(code) || typeof message !== 'string')
      return undefined
    return { refused: { code, message: shortened(message), stack: typeof stack === 'string' ? stack : '' } }
  }
  return { output: 'output' in value ? JSON.stringify(value.output) : undefined }
}
