/** Why a module can't be metered: a fault of whoever builds it, never of a contract. */
const meteringErrors = {
  WASM_MALFORMED: 'The module is not valid WebAssembly.',
  WASM_UNSUPPORTED: 'The module uses an instruction or a section that metering does not know.',
} as const

export class MeteringError extends Error {
  override readonly name = 'MeteringError'
  readonly code: keyof typeof meteringErrors

  constructor(code: keyof typeof meteringErrors, detail: string) {
    super(`${meteringErrors[code]} (${detail})`)
    this.code = code
  }
}
