import fc from 'fast-check'
import { fromJson } from '../schema/json-form.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { ContractCallError } from './errors.ts'
import { arbitraryOf, type Pools } from './fuzz-values.ts'
import type { CallTerms } from './local-contract.ts'
import type { AnyContract, LocalLedger } from './local-ledger.ts'

/** What a run of random calls begins with. */
export interface FuzzScene {
  readonly ledger: LocalLedger
  /** As `deploy` gave it. */
  readonly contract: { readonly call: unknown }
  /** Throws if something that must always hold does not. */
  invariant(): void
}

export interface FuzzOptions {
  readonly contract: AnyContract
  /** Names of accounts: they call, and stand in inputs. */
  readonly accounts: readonly string[]
  /** Codes of assets: they stand in inputs, and each call may take some from its caller. */
  readonly assets: readonly string[]
  /** A fresh ledger with the contract deployed, and the money that the calls need; called before every run. */
  start(): Promise<FuzzScene> | FuzzScene
  /** More values for inputs by format or `string`, such as ids that should meet. */
  readonly values?: Pools
  /** Amounts, in the smallest unit, are at most this; 10,000 if not said. */
  readonly amountMax?: bigint
  readonly runs?: number
  readonly callsPerRun?: number
  /** Of a run that failed, to have it again. */
  readonly seed?: number
}

interface RandomCall {
  readonly action: string
  readonly input: unknown
  readonly as: string
  readonly fund: { readonly asset: string; readonly amount: bigint } | undefined
  readonly thenMs: number
}

const runsDefault = 30
const callsDefault = 20
const dayMs = 86_400_000

/**
 * Calls a contract's actions at random, with inputs made of their schemas, lets time pass, and checks after every call what the
 * author says must hold. A refusal is an answer; an error that the contract did not expect is a failure.
 * @throws with the seed and the shortest sequence of calls that was found to fail.
 */
export async function fuzz(options: FuzzOptions): Promise<void> {
  const { contract, runs = runsDefault, callsPerRun = callsDefault, seed = Date.now() % 2 ** 31 } = options
  const ids = partiesOf(await options.start(), options)
  const calls = fc.array(callOf(contract, ids, options), { minLength: 1, maxLength: callsPerRun })
  const property = fc.asyncProperty(calls, async (sequence) => {
    const scene = await options.start()
    partiesOf(scene, options)
    for (const call of sequence) perform(scene, call)
  })
  await fc.assert(property, { numRuns: runs, seed, includeErrorInReport: true })
}

/** Ids of the accounts and assets; what `start` did not open is opened. */
function partiesOf({ ledger }: FuzzScene, { accounts, assets }: FuzzOptions) {
  return {
    account: accounts.map((name) => ledger.account(name)),
    asset: assets.map((code) => ledger.asset(code)),
  }
}

function perform({ ledger, contract, invariant }: FuzzScene, call: RandomCall): void {
  const { action, input, as, fund, thenMs } = call
  const terms: CallTerms = { as, ...(fund !== undefined && { funds: [{ account: as, ...fund }] }) }
  try {
    const call = contract.call as (name: string, input: unknown, terms: CallTerms) => unknown
    call(action, input, terms)
  } catch (error) {
    if (!(error instanceof ContractCallError) || error.result === 'CONTRACT_FAILED') throw error
  }
  invariant()
  ledger.kernel.audit()
  if (thenMs === 0) return
  ledger.advance({ ms: thenMs })
  invariant()
}

function callOf(
  { manifest }: AnyContract,
  ids: { readonly account: readonly string[]; readonly asset: readonly string[] },
  { values = {}, amountMax = 10_000n }: FuzzOptions,
): fc.Arbitrary<RandomCall> {
  const pools = { ...ids, ...values }
  const open = Object.entries(manifest.actions).filter(([, { internal }]) => internal !== true)
  const inputs = open.map(([name, { input }]) => {
    const made = arbitraryOf(input as JsonSchema, { pools, amountMax, timeMs: Date.UTC(2026, 0, 1) })
    return made.map((json) => ({ action: name, input: fromJson(input as JsonSchema, json as never) }))
  })
  const fund = fc.record({ asset: fc.constantFrom(...ids.asset), amount: fc.bigInt(1n, amountMax) })
  return fc
    .tuple(
      fc.oneof(...inputs),
      fc.constantFrom(...ids.account),
      fc.option(fund, { nil: undefined }),
      fc.constantFrom(0, 0, 60_000, dayMs, 30 * dayMs),
    )
    .map(([call, as, taken, thenMs]) => ({ ...call, as, fund: taken, thenMs }))
}
