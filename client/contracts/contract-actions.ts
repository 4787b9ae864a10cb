import {
  type ActionOf,
  type Caller,
  type ContractId,
  contractIdOf,
  type Fund,
  type JsonValue,
  type MemberId,
} from '@tallystick/core/protocol'

/** What a call may use unless it says otherwise. What is declared is charged for, used or not. */
export const callFuelDefault = 2_000_000
export const callWrittenBytesDefault = 65_536
const evaluationFuelDefault = 5_000_000

/** A code as it is published: what runs, and what it was made of. */
export interface PublishedCode {
  /** Of the machine that it was built for. Default 1. */
  readonly vmVersion?: number
  readonly script: string
  readonly source: string
  readonly sourceMap: string
  /** For evaluating the script. Default 5,000,000. */
  readonly fuel?: number
}

function codeFields({ vmVersion = 1, script, source, sourceMap, fuel = evaluationFuelDefault }: PublishedCode) {
  return { vmVersion, script, sourceMap, source, fuel }
}

export interface NewContract {
  /** Who keeps it, and has the role `publisher`. */
  readonly member: MemberId
  /** One of its kind at the member. */
  readonly name: string
  readonly code: PublishedCode
  /** Steps that its triggers may use, bought with the payer's quota. Default 0. */
  readonly prepaidSteps?: number
}

/** Puts a contract on the ledger; its id is known before. By its member, with a key that may register. */
export function deployContract({ member, name, code, prepaidSteps = 0 }: NewContract): {
  readonly contract: ContractId
  readonly action: ActionOf<'contract-deploy'>
} {
  return {
    contract: contractIdOf(member, name),
    action: { kind: 'contract-deploy', member, name, ...codeFields(code), prepaidSteps },
  }
}

/** Gives a contract another code. By its member, with a key that may register. */
export function upgradeContract(contract: ContractId, code: PublishedCode): ActionOf<'contract-upgrade'> {
  return { kind: 'contract-upgrade', contract, ...codeFields(code) }
}

/** Buys steps for a contract's triggers, with the payer's quota. */
export function fundContract(contract: ContractId, steps: number): ActionOf<'contract-fund'> {
  return { kind: 'contract-fund', contract, steps }
}

/** Pauses a contract, or lets it go on. By its member, with a key that may supervise, or by a supervisor. */
export function setContractStatus(
  contract: ContractId,
  status: 'active' | 'paused',
  reason = 0,
): ActionOf<'set-contract-status'> {
  return { kind: 'set-contract-status', contract, status, reason }
}

export interface ContractCall {
  readonly contract: ContractId
  /** Of the contract. */
  readonly action: string
  readonly input: JsonValue
  /** In whose names it is called; each signs with a key that may call. */
  readonly callers?: readonly Caller[]
  /** What the contract may take from accounts, at most; each signs with a key that may spend. */
  readonly funds?: readonly Fund[]
  /** Default 2,000,000. */
  readonly fuel?: number
  /** Default 65,536. */
  readonly writtenBytes?: number
}

/** Calls an action of a contract. */
export function contractCall(call: ContractCall): ActionOf<'contract-call'> {
  const { contract, action, input, callers = [], funds = [] } = call
  return {
    kind: 'contract-call',
    contract,
    name: action,
    input: JSON.stringify(input),
    callers: [...callers],
    funds: [...funds],
    fuel: call.fuel ?? callFuelDefault,
    writtenBytes: call.writtenBytes ?? callWrittenBytesDefault,
  }
}
