/**
 * A small deterministic generator (splitmix64) for sample values. Its output is frozen through `spec/vectors`; it is
 * no source of secrets.
 */
export class Sampler {
  #state: bigint

  constructor(seed: bigint) {
    this.#state = BigInt.asUintN(64, seed)
  }

  u64(): bigint {
    this.#state = BigInt.asUintN(64, this.#state + 0x9e3779b97f4a7c15n)
    let z = this.#state
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return z ^ (z >> 31n)
  }

  /** An integer in [0, bound), bound ≤ 2^32. */
  below(bound: number): number {
    return Number(this.u64() % BigInt(bound))
  }

  /** An integer in [0, max]; the ends come up often, since errors sit there. */
  bigint(max: bigint): bigint {
    const pick = this.below(8)
    if (pick === 0) return 0n
    if (pick === 1) return max
    let value = 0n
    for (let bits = 0; bits < 128; bits += 64) value = (value << 64n) | this.u64()
    return value % (max + 1n)
  }

  bytes(count: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(count)
    for (let i = 0; i < count; i++) bytes[i] = this.below(256)
    return bytes
  }

  /** A length of at most `max`, mostly short. */
  length(max: number): number {
    return Math.min(max, this.below(4) === 0 ? this.below(12) : this.below(3))
  }
}
