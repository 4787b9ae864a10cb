import { ContractImage } from './contract-image.ts'
import type { CallLimits, CallOutcome } from './outcome.ts'

interface Evaluated {
  readonly contract: ContractImage
  readonly fuelUsed: bigint
}

/** Keeps the images of the contracts that were called last, since to evaluate a script takes as long as many calls of it. */
export class ContractEngine {
  readonly #module: WebAssembly.Module
  readonly #kept: number
  /** The one that was used last stands last. */
  readonly #images = new Map<string, Evaluated>()

  /** @param module - From `openMachine`. @param kept - How many images are kept. */
  constructor(module: WebAssembly.Module, kept: number) {
    this.#module = module
    this.#kept = kept
  }

  /**
   * Finds a script evaluated, or evaluates it.
   * @param code - Names the script. @param fresh - An image of its own is wanted, since the kept one is in the middle of a call.
   * @throws {MachineFault}
   */
  open(
    code: string,
    script: string,
    limits: CallLimits,
    fresh = false,
  ): Evaluated | Exclude<CallOutcome, { kind: 'returned' }> {
    const known = fresh ? undefined : this.#images.get(code)
    if (known !== undefined) {
      this.#images.delete(code)
      this.#images.set(code, known)
      return known
    }
    const made = ContractImage.create(this.#module, script, limits)
    if ('kind' in made) return made
    const evaluated = { contract: made.image, fuelUsed: made.fuelUsed }
    if (!fresh) this.#keep(code, evaluated)
    return evaluated
  }

  #keep(code: string, evaluated: Evaluated): void {
    this.#images.set(code, evaluated)
    if (this.#images.size <= this.#kept) return
    const [oldest] = this.#images.keys()
    this.#images.delete(oldest!)
  }
}
