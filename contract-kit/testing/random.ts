import process from 'node:process'

/** Numbers from 0 up to below a bound, the same for a seed, which SEED gives; tests print it. */
export function randomFrom(seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))): {
  readonly random: (below: number) => number
  readonly seed: number
} {
  let state = seed >>> 0
  const random = (below: number): number => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
  return { random, seed }
}
