import { equalBytes, toHex } from '../../codec/index.ts'
import { type CallLimits, MachineFault } from '../../contract-vm/index.ts'
import {
  type CodeHash,
  type ContractId,
  type ContractManifest,
  type ContractParameters,
  type ContractRecord,
  readManifest,
  type StateRecord,
  storageIdOf,
  warmCodesMax,
} from '../../protocol/index.ts'
import type { ActionScope } from '../action-scope.ts'
import { assertHolds } from '../assertion.ts'
import { latin1 } from '../state/state-key-text.ts'
import type { StateStore } from '../state/state-store.ts'
import { type ContractRunner, type RunnableContract, runnableKept } from './runner.ts'

/** Beside evaluating the script: to start a machine. */
const startFuel = 100_000

export interface Program {
  readonly manifest: ContractManifest
  readonly record: StateRecord<'contract-code'>
  readonly contract: RunnableContract
}

export interface ContractIdentity {
  readonly generation: number
  /** What the contract is told of itself, as JSON. */
  readonly told: string
  /** Where its rows are. */
  readonly storage: Uint8Array
}

/** Contracts' codes as they run. */
export class Programs {
  readonly #state: StateStore
  readonly #runner: ContractRunner | undefined
  readonly #parameters: ContractParameters
  readonly #manifests = new Map<string, ContractManifest>()
  readonly #identities = new Map<string, ContractIdentity>()

  constructor(state: StateStore, runner: ContractRunner | undefined, parameters: ContractParameters) {
    this.#state = state
    this.#runner = runner
    this.#parameters = parameters
  }

  get runner(): ContractRunner {
    assertHolds(
      this.#runner !== undefined,
      () => 'a contract is to be run, and the ledger was opened without a machine',
    )
    return this.#runner
  }

  codeOf(code: CodeHash): StateRecord<'contract-code'> {
    const record = this.#state.get<'contract-code'>({ kind: 'contract-code', code })
    assertHolds(record !== undefined, () => 'a contract has a code that is not there')
    return record
  }

  manifestOf(code: CodeHash): ContractManifest {
    const text = latin1(code)
    const known = this.#manifests.get(text)
    if (known !== undefined) return known
    const manifest = readManifest(this.codeOf(code).manifest)
    if (this.#manifests.size >= runnableKept) this.#manifests.clear()
    this.#manifests.set(text, manifest)
    return manifest
  }

  /** What stays the same from call to call, for as long as the contract has this generation. */
  identityOf(contract: ContractId, { account, member, generation }: ContractRecord): ContractIdentity {
    const text = latin1(contract)
    const known = this.#identities.get(text)
    if (known?.generation === generation) return known
    const ids = { contract: toHex(contract), account: toHex(account), member: toHex(member) }
    const told = JSON.stringify({ ...ids, generation })
    const identity = { generation, told, storage: storageIdOf(contract, generation) }
    if (this.#identities.size >= runnableKept) this.#identities.clear()
    this.#identities.set(text, identity)
    return identity
  }

  /** @param isBusy - A call of this code is under way, so that another machine is needed. */
  open(code: CodeHash, isBusy: boolean): Program {
    const record = this.codeOf(code)
    const opened = this.runner.open(
      latin1(code),
      record.script,
      limitsOf(this.#parameters, Number(record.fuel)),
      isBusy,
    )
    // What could be evaluated once can be evaluated again.
    if (!('contract' in opened)) throw new MachineFault(`a published script ended otherwise: ${opened.kind}`)
    return { record, manifest: this.manifestOf(code), contract: opened.contract }
  }

  /** What it costs to evaluate a code again. */
  evaluationFuel(code: CodeHash): number {
    return startFuel + this.codeOf(code).fuel
  }
}

const warmKey = { kind: 'warm-codes' } as const

/** Whether every node has the code evaluated, so that a call needn't pay for it. */
export function isWarm(state: StateStore, code: CodeHash): boolean {
  return state.get<'warm-codes'>(warmKey)?.codes.some((warm) => equalBytes(warm, code)) ?? false
}

/**
 * Enters a code among the warm ones; the one that came first goes. A runner keeps twice as many by their last use: whatever is
 * entered here is among those, since to push a code out of there takes as many calls of cold ones as push it out of here.
 */
export function warm(scope: ActionScope, code: CodeHash): void {
  const codes = scope.state.get<'warm-codes'>(warmKey)?.codes ?? []
  scope.put<'warm-codes'>(warmKey, { codes: [code, ...codes].slice(0, warmCodesMax) })
}

/** The network's limits for a call with so much fuel. */
export function limitsOf(parameters: ContractParameters, fuel: number): CallLimits {
  const { depthBytesMax, memoryPagesMax, hostCallsMax, outputBytesMax } = parameters
  return {
    fuel: BigInt(fuel),
    depthBytes: depthBytesMax,
    memoryPages: memoryPagesMax,
    hostCalls: hostCallsMax,
    outputBytes: outputBytesMax,
  }
}
