export interface RandomNumbers {
  /** A whole number from 0 up to, but not including, the bound. */
  below(bound: number): number
}

/** Numbers from a seed that is printed; `BAD_DAYS_SEED` gives the same ones again. */
export function randomNumbers(): RandomNumbers {
  const seed = Number(process.env.BAD_DAYS_SEED ?? Math.floor(Math.random() * 0x1_0000_0000))
  process.stdout.write(`BAD_DAYS_SEED=${seed}\n`)
  let state = seed >>> 0
  return {
    below(bound) {
      // Mulberry32.
      state = (state + 0x6d2b_79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), state | 1)
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
      return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
    },
  }
}
