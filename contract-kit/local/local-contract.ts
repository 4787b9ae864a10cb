import { fromHex, toHex } from '@tallystick/core/codec'
import type { BlockNote, ExecutedReceipt, NumberedBooking } from '@tallystick/core/ledger'
import {
  type AccountId,
  type AssetId,
  type ContractId,
  contractAccountIdOf,
  type JsonValue,
} from '@tallystick/core/protocol'
import type { CallTypes, InputOfAll, ShapeOf } from '../client/call-types.ts'
import { Refusal } from '../errors.ts'
import { compileWriter, type Writer } from '../schema/compile-writer.ts'
import { fromJson } from '../schema/json-form.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { ContractCallError } from './errors.ts'
import type { AnyContract, LocalLedger } from './local-ledger.ts'

/** What a contract told. */
export interface LocalEvent {
  /** The contract's id. */
  readonly contract: string
  readonly topic: string
  /** As JSON has it: amounts are texts. */
  readonly data: unknown
  readonly timeMs: number
  readonly height: number
}

export interface CallTerms {
  /** In whose name: accounts or members; they sign. */
  readonly as?: string | readonly string[]
  /** What the contract may take. The accounts sign. */
  readonly funds?: readonly { readonly account: string; readonly asset: string; readonly amount: bigint }[]
  readonly fuel?: number
  readonly writtenBytes?: number
}

const fuelDefault = 5_000_000
const writtenBytesDefault = 262_144
const viewFuel = 20_000_000

type Call<T extends CallTypes> = <N extends keyof T & string>(
  name: N,
  input: InputOfAll<T, N>,
  terms?: CallTerms,
) => T[N]['output']
type Submit<T extends CallTypes> = <N extends keyof T & string>(
  name: N,
  input: InputOfAll<T, N>,
  terms?: CallTerms,
) => ExecutedReceipt
type View<T extends CallTypes> = <N extends keyof T & string>(name: N, input: InputOfAll<T, N>) => T[N]['output']

/** A contract on a local ledger, with the types of its module. @example `let escrow: LocalContract<typeof contract>` */
export class LocalContract<C extends AnyContract> {
  /** 64 hexadecimal digits. */
  readonly id: string
  /** Its first account. */
  readonly account: string
  readonly #ledger: LocalLedger
  readonly #contract: AnyContract
  readonly #id: ContractId
  #lastCall: BlockNote | undefined

  constructor(ledger: LocalLedger, contract: AnyContract, id: ContractId) {
    this.#ledger = ledger
    this.#contract = contract
    this.#id = id
    this.id = toHex(id)
    this.account = toHex(contractAccountIdOf(id, 0))
  }

  /**
   * Calls an action in a block of its own.
   * @returns what it returned. @throws {ContractCallError} if it was not done; nothing of it remains then.
   */
  readonly call = ((name: string, input: unknown, terms?: CallTerms): unknown => {
    const receipt = this.#submit(name, input, terms)
    const returned = receipt.events.find(({ event }) => event.topic === 'returned' && toHex(event.source) === this.id)
    const schema = this.#contract.manifest.actions[name]?.output
    if (returned === undefined || schema === undefined) return undefined
    return fromJson(schema as JsonSchema, JSON.parse(returned.event.data))
  }) as Call<ShapeOf<C>['actions']>

  /** The same, for its receipt. */
  readonly submit = ((name: string, input: unknown, terms?: CallTerms) => this.#submit(name, input, terms)) as Submit<
    ShapeOf<C>['actions']
  >

  /** Asks a view. @throws {ContractCallError} */
  readonly view = ((name: string, input: unknown): unknown => {
    const schemas = this.#contract.manifest.views[name]
    const asked = JSON.parse(inputTextOf(schemas?.input, input)) as JsonValue
    const { end, notes } = this.#ledger.kernel.view(this.#id, name, asked, viewFuel)
    if (end.kind === 'failed') {
      const stack = notes.findLast((note) => note.stack !== undefined)?.stack ?? ''
      throw new ContractCallError(end.told.code, end.result, end.told.message, stack)
    }
    return fromJson(schemas?.output as JsonSchema, JSON.parse(end.output ?? 'null'))
  }) as View<ShapeOf<C>['views']>

  /** What it told of a topic, oldest first. */
  events(topic?: string): LocalEvent[] {
    return this.#ledger.events.filter(
      (event) => event.contract === this.id && (topic === undefined || event.topic === topic),
    )
  }

  /** What it has booked, in the order in which it is due. */
  bookings(): NumberedBooking[] {
    return this.#ledger.kernel.contractBookings(this.#id)
  }

  /** Steps that its triggers may still use. */
  get prepaidSteps(): number {
    return this.#ledger.kernel.get<'contract'>({ kind: 'contract', contract: this.#id })!.prepaidSteps
  }

  /** Units of fuel that its last call used. */
  get lastFuel(): number {
    return this.#lastCall?.fuelUsed ?? 0
  }

  /** What its last call logged. */
  get lastLog(): readonly string[] {
    return this.#lastCall?.lines ?? []
  }

  /** The ledger tells of every call. */
  noteCall(note: BlockNote): void {
    this.#lastCall = note
  }

  #submit(name: string, input: unknown, terms: CallTerms = {}): ExecutedReceipt {
    const { as = [], funds = [], fuel = fuelDefault, writtenBytes = writtenBytesDefault } = terms
    const names = typeof as === 'string' ? [as] : as
    const signers = [...new Set([...names, ...funds.map(({ account }) => account)])]
    return this.#ledger.execute(
      {
        kind: 'contract-call',
        contract: this.#id,
        name,
        input: inputTextOf(this.#contract.manifest.actions[name]?.input, input),
        callers: names.map((id) => this.#ledger.signerOf(id)),
        funds: funds.map(({ account, asset, amount }) => ({
          account: fromHex(account) as AccountId,
          asset: fromHex(asset) as AssetId,
          amount,
        })),
        fuel,
        writtenBytes,
      },
      signers,
    )
  }
}

const writers = new WeakMap<object, Writer>()

/**
 * What the ledger gets of a value: properties that are `undefined` are not in it.
 * @throws {ContractCallError} if the value is not of the schema: what JSON can't say is no input.
 */
function inputTextOf(schema: JsonSchema | undefined, value: unknown): string {
  if (schema === undefined) return JSON.stringify(value ?? {})
  let write = writers.get(schema)
  if (write === undefined) {
    write = compileWriter(schema, 'input')
    writers.set(schema, write)
  }
  try {
    return JSON.stringify(write(value))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new ContractCallError('CONTRACT_INPUT_INVALID', 'CONTRACT_INPUT_INVALID', error.message, '')
  }
}
