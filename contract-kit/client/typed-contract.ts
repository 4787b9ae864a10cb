import {
  type Client,
  callContract,
  callOutcome,
  type Signer,
  signTransaction,
  type VerifiedReceipt,
} from '@tallystick/client'
import type { Caller, ContractId, Fund, JsonValue, MemberId, TransactionId } from '@tallystick/core/protocol'
import type { Manifest } from '../contract/manifest.ts'
import { fromJson, toJson } from '../schema/json-form.ts'
import type { TSchema } from '../schema/t.ts'
import type { CallTypes, InputOfAll, ShapeOf } from './call-types.ts'

/** How a call is signed and paid. */
export interface CallTerms {
  /** Whose quota it uses: the member of one that signs. */
  readonly payer: MemberId
  readonly signers: readonly Signer[]
  /** In whose names it is called. */
  readonly callers?: readonly Caller[]
  /** What the contract may take, at most. */
  readonly funds?: readonly Fund[]
  readonly fuel?: number
  readonly writtenBytes?: number
  /** How long it may wait to be executed, at most ten minutes; five if not said. */
  readonly validForMs?: number
  readonly signal?: AbortSignal
}

/** A call that was done; its receipt is verified. */
export interface CalledContract<O> {
  readonly id: TransactionId
  readonly output: O
  readonly receipt: VerifiedReceipt
}

/** What a view said as of a height. */
export interface ViewedContract<O> {
  readonly output: O
  readonly height: number
}

/** The ledger did not do a call; nothing of it remains but the receipt that says so. */
export class ContractRefusal extends Error {
  override readonly name = 'ContractRefusal'
  /** The contract's own code where it refused, otherwise the ledger's (docs/errors.md). */
  readonly code: string
  readonly id: TransactionId
  readonly receipt: VerifiedReceipt

  constructor(code: string, message: string, id: TransactionId, receipt: VerifiedReceipt) {
    super(`${code}: ${message}`)
    this.code = code
    this.id = id
    this.receipt = receipt
  }
}

type Call<T extends CallTypes> = <N extends keyof T & string>(
  name: N,
  input: InputOfAll<T, N>,
  terms: CallTerms,
) => Promise<CalledContract<T[N]['output']>>
type View<T extends CallTypes> = <N extends keyof T & string>(
  name: N,
  input: InputOfAll<T, N>,
  options?: { readonly signal?: AbortSignal },
) => Promise<ViewedContract<T[N]['output']>>

const validForDefaultMs = 300_000

/**
 * A contract on a network, with the types of its module.
 * @example const deals = new TypedContract(client, contract, id)
 * await deals.call('open', { id: 'order-1', … }, { payer, signers: [key], callers: [{ kind: 'account', account }] })
 */
export class TypedContract<C extends { readonly manifest: Manifest }> {
  readonly #client: Client
  readonly #manifest: Manifest
  readonly #id: ContractId

  /** @param contract - What the contract's module exports; its manifest says how values become JSON. */
  constructor(client: Client, contract: C, id: ContractId) {
    this.#client = client
    this.#manifest = contract.manifest
    this.#id = id
  }

  /**
   * Calls an action, and waits until its receipt is proven.
   * @throws {ContractRefusal} if it was not done; {ClientError} if it could not be sent or proven.
   */
  readonly call = ((name: string, input: unknown, terms: CallTerms): Promise<unknown> =>
    this.#call(name, input, terms)) as unknown as Call<ShapeOf<C>['actions']>

  /** Asks a view. One node's word. @throws {ClientError} CLIENT_VIEW_FAILED with the contract's code. */
  readonly view = (async (name: string, input: unknown, options: { readonly signal?: AbortSignal } = {}) => {
    const schemas = this.#manifest.views[name]
    const { output, height } = await this.#client.contractView(this.#id, name, jsonOf(schemas?.input, input), options)
    return { output: valueIn(schemas?.output, output), height }
  }) as unknown as View<ShapeOf<C>['views']>

  async #call(name: string, input: unknown, terms: CallTerms): Promise<CalledContract<unknown>> {
    const { payer, signers, callers = [], funds = [], fuel, writtenBytes, signal } = terms
    const schemas = this.#manifest.actions[name]
    const body = callContract({
      contract: this.#id,
      action: name,
      input: jsonOf(schemas?.input, input),
      callers,
      funds,
      ...(fuel !== undefined && { fuel }),
      ...(writtenBytes !== undefined && { writtenBytes }),
      ledger: this.#client.ledger,
      payer,
      validUntilMs: Date.now() + (terms.validForMs ?? validForDefaultMs),
    })
    const { id } = await this.#client.submit(await signTransaction(body, signers), { signal })
    await this.#client.waitFor(id, 'proven', { signal, timeoutMs: terms.validForMs ?? validForDefaultMs })
    const receipt = await this.#client.verifiedReceipt(id, { signal })
    const outcome = callOutcome(receipt, this.#id)
    if (outcome.kind === 'failed') throw new ContractRefusal(outcome.code, outcome.message, id, receipt)
    return { id, output: valueIn(schemas?.output, outcome.output), receipt }
  }
}

function jsonOf(schema: unknown, value: unknown): JsonValue {
  return schema === undefined ? (value as JsonValue) : (toJson(schema as TSchema, value) as JsonValue)
}

function valueIn(schema: unknown, json: JsonValue | undefined): unknown {
  return schema === undefined || json === undefined ? undefined : fromJson(schema as TSchema, json)
}
