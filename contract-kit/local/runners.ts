import { type CallLimits, type CallOutcome, ContractEngine, type Host, HostLimit } from '@tallystick/core/contract-vm'
import { type ContractRunner, type RunnableContract, runnableKept } from '@tallystick/core/ledger'
import { contractMachine } from '../build/index.ts'

/** Anything that answers as a contract's script does. */
export interface Dispatcher {
  dispatch(text: string, host: (question: string) => string): string
}

let engine: ContractEngine | undefined

/** The machine of the network; one for the whole process, so that a script is evaluated once. */
export function machineRunner(): ContractRunner {
  engine ??= new ContractEngine(contractMachine(), runnableKept)
  return engine
}

const noEnd = 2n ** 62n

/**
 * Runs the author's own module in this process, so that a debugger stops in it and coverage counts it. Nothing is metered, and
 * what a module keeps in variables stays: the machine is the judge.
 */
export class NativeRunner implements ContractRunner {
  readonly #modules = new Map<string, Dispatcher>()

  /** @param script - What the ledger will ask for; the module is run in its place. */
  register(script: string, module: Dispatcher): void {
    this.#modules.set(script, module)
  }

  open(_code: string, script: string): { readonly contract: RunnableContract; readonly fuelUsed: bigint } {
    const module = this.#modules.get(script)
    if (module === undefined)
      throw new TypeError('a contract is run natively only where its module was given to deploy')
    return { contract: { call: (input, host, limits) => callNatively(module, input, host, limits) }, fuelUsed: 0n }
  }
}

function callNatively(module: Dispatcher, input: string, host: Host, _limits: CallLimits): CallOutcome {
  const meter = { fuelLeft: noEnd, charge: () => {} }
  try {
    return { kind: 'returned', output: module.dispatch(input, (question) => host(question, meter)), fuelUsed: 0n }
  } catch (error) {
    if (error instanceof HostLimit) return { kind: 'exceeded', limit: error.limit, fuelUsed: 0n }
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' }
    return { kind: 'threw', message, stack: stack ?? '', fuelUsed: 0n }
  }
}
