import type { CallLimits, CallMeter, CallOutcome, Host } from '@tallystick/core/contract-vm'
import type { ContractRunner, RunnableContract } from '@tallystick/core/ledger'
import { type Instrumented, instrument } from './instrument.ts'
import type { Profile } from './profile.ts'

/** Questions cost fuel too: with so many times as much, what fits without them fits with them. */
const fuelFactor = 100n
const hostCallsMax = 100_000_000

/** Runs instrumented scripts in another runner, and counts what their lines cost. */
export class ProfilingRunner implements ContractRunner {
  readonly #runner: ContractRunner
  readonly #profile: Profile
  readonly #scripts = new Map<string, Instrumented>()
  /** What a question itself costs, found out once. */
  #questionFuel: bigint | undefined

  constructor(runner: ContractRunner, profile: Profile) {
    this.#runner = runner
    this.#profile = profile
  }

  /** @param sourceMap - Of the script, by which its lines are the author's. */
  register(script: string, sourceMap: string): void {
    if (this.#scripts.has(script)) return
    const instrumented = instrument(script, sourceMap)
    for (const place of instrumented.places) this.#profile.know(place)
    this.#scripts.set(script, instrumented)
  }

  open(code: string, script: string, limits: CallLimits, fresh?: boolean): ReturnType<ContractRunner['open']> {
    const instrumented = this.#scripts.get(script)
    if (instrumented === undefined) return this.#runner.open(code, script, limits, fresh)
    this.#questionFuel ??= this.#measureQuestion(limits)
    const opened = this.#runner.open(`${code} profiled`, withoutAsking(instrumented.script), widened(limits), fresh)
    if (!('contract' in opened)) return opened
    return { contract: this.#profiling(opened.contract, instrumented), fuelUsed: opened.fuelUsed }
  }

  #profiling(contract: RunnableContract, { places }: Instrumented): RunnableContract {
    return {
      call: (input, host, limits) => {
        let last: { readonly at: number; readonly fuel: bigint } | undefined
        let asked = 0n
        const spent = (meter: CallMeter): void => {
          if (last !== undefined)
            this.#profile.add(
              places[last.at]!,
              1,
              Math.max(0, Number(last.fuel - meter.fuelLeft - this.#questionFuel!)),
            )
        }
        const counting: Host = (question, meter) => {
          if (!question.startsWith('#')) return host(question, meter)
          spent(meter)
          asked++
          last = { at: Number(question.slice(1)), fuel: meter.fuelLeft }
          return ''
        }
        const outcome = contract.call(input, counting, widened(limits))
        if (last !== undefined) this.#profile.add(places[last.at]!, 1, 0)
        return withFuel(outcome, outcome.fuelUsed - asked * this.#questionFuel!)
      },
    }
  }

  #measureQuestion(limits: CallLimits): bigint {
    const script = "globalThis.contract = () => { host('#0'); host('#0'); return '' }"
    const opened = this.#runner.open('a question', script, limits)
    if (!('contract' in opened)) return 0n
    const left: bigint[] = []
    const note: Host = (_, meter) => {
      left.push(meter.fuelLeft)
      return ''
    }
    opened.contract.call('', note, limits)
    return left[0]! - left[1]!
  }
}

/** While the script is evaluated nobody answers: there is no call. */
function withoutAsking(script: string): string {
  return `let profiling = false; const askHost = host; { const host = (text) => profiling ? askHost(text) : '';\n${script}\n}
{ const contract = globalThis.contract; globalThis.contract = (text) => { profiling = true; return contract(text) } }`
}

function widened(limits: CallLimits): CallLimits {
  return { ...limits, fuel: limits.fuel * fuelFactor, hostCalls: hostCallsMax }
}

function withFuel(outcome: CallOutcome, fuelUsed: bigint): CallOutcome {
  return { ...outcome, fuelUsed: fuelUsed < 0n ? 0n : fuelUsed }
}
