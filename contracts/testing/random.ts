import process from 'node:process'

/** The seed of this run: TALLYSTICK_SEED, or another one each time. */
export function seedOfRun(): number {
  const given = Number(process.env.TALLYSTICK_SEED)
  return Number.isSafeInteger(given) && given > 0 ? given : Math.ceil(Math.random() * 0xffff_ffff)
}

/** A seeded generator (SplitMix32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** An integer from 0 to `bound` − 1. */
  below(bound: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0
    let z = this.#state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return ((z ^ (z >>> 15)) >>> 0) % bound
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True once in so many times, on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}
