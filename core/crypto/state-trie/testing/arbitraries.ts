import fc from 'fast-check'

/** Few and sparse bytes, so that random paths often share long prefixes or are equal. */
const clustered = fc
  .record({
    base: fc.constantFrom(0x00, 0xff, 0xa5),
    flips: fc.array(fc.nat({ max: 255 }), { maxLength: 2 }),
    low: fc.nat({ max: 15 }),
  })
  .map(({ base, flips, low }) => {
    const path = new Uint8Array(32).fill(base)
    for (const bit of flips) path[bit >> 3]! ^= 0x80 >> (bit & 7)
    path[31]! ^= low
    return path
  })

const spread = fc.uint8Array({ minLength: 32, maxLength: 32 })

export const anyPath: fc.Arbitrary<Uint8Array> = fc.oneof(clustered, spread)

export const anyDigest: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** Entries of distinct paths. */
export function anyEntries(maxLength: number): fc.Arbitrary<{ path: Uint8Array; digest: Uint8Array }[]> {
  return fc.uniqueArray(fc.record({ path: anyPath, digest: anyDigest }), {
    maxLength,
    selector: ({ path }) => path.join(),
  })
}
