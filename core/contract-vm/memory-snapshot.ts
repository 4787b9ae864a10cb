/** A part of a memory, up to `end`. */
export interface Area {
  readonly from: number
  readonly end: number
}

const stepBytes = 4_096

/** What areas of a memory held when it was taken. What was zero, such as most of a stack, is filled and not copied: half the time. */
export class MemorySnapshot {
  readonly #copies: { readonly from: number; readonly bytes: Uint8Array }[] = []
  readonly #zeros: Area[] = []

  /** @param areas - What may change until it is restored. */
  constructor(memory: Uint8Array, areas: readonly Area[]) {
    for (const { from, end } of areas) {
      for (let at = from; at < end; ) {
        const isZero = isZeroStep(memory, at, end)
        const begin = at
        while (at < end && isZeroStep(memory, at, end) === isZero) at = Math.min(at + stepBytes, end)
        if (isZero) this.#zeros.push({ from: begin, end: at })
        else this.#copies.push({ from: begin, bytes: memory.slice(begin, at) })
      }
    }
  }

  restore(memory: Uint8Array): void {
    for (const { from, bytes } of this.#copies) memory.set(bytes, from)
    for (const { from, end } of this.#zeros) memory.fill(0, from, end)
  }
}

function isZeroStep(memory: Uint8Array, at: number, areaEnd: number): boolean {
  const end = Math.min(at + stepBytes, areaEnd)
  for (let i = at; i < end; i++) if (memory[i] !== 0) return false
  return true
}
