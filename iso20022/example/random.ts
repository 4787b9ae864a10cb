/** Numbers that look random and depend on the seed alone (mulberry32). Not for secrets. */
export interface RandomSource {
  /** An integer from 0 to `bound` − 1. */
  below(bound: number): number
  pick<T>(values: readonly T[]): T
  digits(count: number): string
  hex(count: number): string
}

export function createRandom(seed: string): RandomSource {
  let state = 0x9e3779b9
  for (let index = 0; index < seed.length; index += 1)
    state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (bound: number): number => next() % bound
  return {
    below,
    pick<T>(values: readonly T[]): T {
      if (values.length === 0) throw new RangeError('there is nothing to pick from')
      return values[below(values.length)]!
    },
    digits: (count) => Array.from({ length: count }, () => below(10)).join(''),
    hex(count) {
      let text = ''
      while (text.length < count) text += next().toString(16).padStart(8, '0')
      return text.slice(0, count)
    },
  }
}
