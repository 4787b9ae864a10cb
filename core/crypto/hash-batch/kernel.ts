import { kinds, kindsMax } from './kinds.ts'
import { fixedBytes, groupBytes, initialStateAt, sha256Kernel } from './sha256-kernel.ts'

const pageBytes = 65_536
/** Where messages may begin: after the round constants and a state for each kind. */
export const messagesAt = Math.ceil((fixedBytes + kindsMax * 32) / 64) * 64

/** Where the state after T‖T of a kind is. */
export const stateAt = (kind: number) => fixedBytes + 32 * kind

interface Exports {
  readonly memory: WebAssembly.Memory
  run(table: number, tableEnd: number): void
}

let compiled: WebAssembly.Module | null | undefined

/** Compiled once, at first use. Undefined where an engine has no SIMD, or a page's policy forbids WebAssembly. */
function compiledKernel(): WebAssembly.Module | undefined {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(sha256Kernel())
    } catch {
      compiled = null
    }
  }
  return compiled ?? undefined
}

/** One instance of the kernel with its memory: constants, the states after T‖T of each kind, and what its user writes. */
export class Kernel {
  readonly #exports: Exports
  #preparedKinds = 0

  private constructor(exports: Exports) {
    this.#exports = exports
  }

  /** @returns undefined where there is no WebAssembly with SIMD. */
  static create(): Kernel | undefined {
    const module = compiledKernel()
    return module && new Kernel(new WebAssembly.Instance(module).exports as Exports)
  }

  /** The memory, at least so long. An earlier buffer is detached when it had to grow. */
  buffer(bytes: number): ArrayBuffer {
    const { memory } = this.#exports
    const missing = bytes - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes))
    return memory.buffer
  }

  /**
   * Computes the states of kinds that are new since the last time.
   * @param free - Where nothing is kept.
   */
  prepareKinds(free: number): void {
    for (; this.#preparedKinds < kinds.length; this.#preparedKinds++) {
      const message = free + groupBytes
      const buffer = this.buffer(message + 64)
      new Uint8Array(buffer).set(kinds[this.#preparedKinds]!.prefix, message)
      const group = new Uint32Array(buffer, free, groupBytes / 4)
      group.fill(message, 0, 4)
      group.fill(initialStateAt, 4, 8)
      group.fill(stateAt(this.#preparedKinds), 8, 12)
      group.fill(1, 12, 16)
      this.#exports.run(free, message)
    }
  }

  /** Hashes the groups of a table that is not empty; their form is that of sha256-kernel.ts. */
  run(table: number, tableEnd: number): void {
    this.#exports.run(table, tableEnd)
  }
}
