import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, decodeJson, encode, equalBytes } from '../../codec/index.ts'
import { StateTrie, type TrieEntry, type TrieProof, trieProof, trieRootFromProof } from './index.ts'
import { emptyDigest, innerDigest, leafDigest } from './node-hash.ts'
import { anyDigest, anyEntries, anyPath } from './testing/arbitraries.ts'

/** A path whose first bits are given; the rest is zero but for the last byte. */
function pathOf(bits: string, last = 0): Uint8Array {
  const path = new Uint8Array(32)
  for (let i = 0; i < bits.length; i++) if (bits[i] === '1') path[i >> 3]! |= 0x80 >> (i & 7)
  path[31]! |= last
  return path
}
const entryAt = (bits: string, last = 0): TrieEntry => ({ path: pathOf(bits, last), digest: pathOf('', 255) })

function proves(trie: StateTrie, path: Uint8Array, digest: Uint8Array | undefined, proof: TrieProof): boolean {
  const root = trieRootFromProof(path, digest, proof)
  return root !== undefined && equalBytes(root, trie.root)
}

test('every entry and every absence has a proof, and it leads to the root', () => {
  fc.assert(
    fc.property(anyEntries(100), fc.array(anyPath, { maxLength: 20 }), (entries, paths) => {
      const trie = StateTrie.fromEntries(entries)
      for (const path of [...paths, ...entries.map((entry) => entry.path)]) {
        const digest = trie.get(path)
        const proof = decode(trieProof, encode(trieProof, trie.prove(path)))
        expect(proves(trie, path, digest, proof)).toBe(true)
        expect(decodeJson(trieProof, JSON.parse(JSON.stringify(trieProof.toJson(proof))))).toEqual(proof)
        // The same proof shows nothing else.
        expect(proves(trie, path, digest === undefined ? new Uint8Array(32) : undefined, proof)).toBe(false)
      }
    }),
    { numRuns: 60, endOnFailure: true },
  )
})

test('a proof whose encoding is changed in any byte is refused, or leads to another root', () => {
  fc.assert(
    fc.property(anyEntries(40), anyPath, fc.integer({ min: 1, max: 255 }), (entries, absent, flip) => {
      const trie = StateTrie.fromEntries(entries)
      for (const path of [absent, ...entries.slice(0, 3).map((entry) => entry.path)]) {
        const digest = trie.get(path)
        const bytes = encode(trieProof, trie.prove(path))
        for (let i = 0; i < bytes.length; i++) {
          const changed = bytes.slice()
          changed[i]! ^= flip
          expect(acceptsBytes(trie, path, digest, changed)).toBe(false)
        }
        expect(acceptsBytes(trie, path, digest, bytes.slice(0, -1))).toBe(false)
      }
    }),
    { numRuns: 15, endOnFailure: true },
  )
})

function acceptsBytes(trie: StateTrie, path: Uint8Array, digest: Uint8Array | undefined, bytes: Uint8Array): boolean {
  let proof: TrieProof
  try {
    proof = decode(trieProof, bytes)
  } catch {
    return false
  }
  return proves(trie, path, digest, proof)
}

test('a proof shows its own path and value only', () => {
  fc.assert(
    fc.property(anyEntries(40), anyPath, anyDigest, (entries, otherPath, otherDigest) => {
      const trie = StateTrie.fromEntries(entries)
      for (const { path, digest } of entries) {
        const proof = trie.prove(path)
        if (!equalBytes(otherDigest, digest)) expect(proves(trie, path, otherDigest, proof)).toBe(false)
        if (!equalBytes(otherPath, path)) expect(proves(trie, otherPath, digest, proof)).toBe(false)
      }
    }),
    { numRuns: 60, endOnFailure: true },
  )
})

test('no proof of absence can be put together for an entry, from any nodes of the trie', () => {
  const entries = [entryAt('0000'), entryAt('0001'), entryAt('0100'), entryAt('11'), entryAt('1', 1)]
  const trie = StateTrie.fromEntries(entries)
  const leaves = entries.map(({ path, digest }) => leafDigest(path, digest))
  const nodes = [emptyDigest, ...leaves, ...entries.flatMap(({ path }) => trie.prove(path).siblings)]
  const siblingLists = [0, 1, 2, 3, 4].flatMap((length) => lists(nodes, length))
  for (const { path } of entries) {
    for (const other of [undefined, ...entries]) {
      const forged = siblingLists.filter((siblings) => proves(trie, path, undefined, { siblings, other }))
      expect(forged).toEqual([])
    }
  }
})

function lists<T>(items: readonly T[], length: number): T[][] {
  if (length === 0) return [[]]
  const unique = [...new Map(items.map((item) => [String(item), item])).values()]
  return lists(items, length - 1).flatMap((rest) => unique.map((item) => [...rest, item]))
}

describe('a proof that no trie can give is refused even for the root that it leads to', () => {
  const here = entryAt('01')
  const leaf = leafDigest(here.path, here.digest)
  const inner = innerDigest(leaf, leafDigest(pathOf('1'), here.digest))

  test('a leaf beside an empty side: it would have risen', () => {
    expect(trieRootFromProof(here.path, here.digest, { siblings: [emptyDigest], other: undefined })).toBeUndefined()
    expect(trieRootFromProof(pathOf('00'), undefined, { siblings: [emptyDigest], other: here })).toBeUndefined()
  })
  test('an empty slot beside a leaf, or beside another empty slot', () => {
    expect(trieRootFromProof(pathOf('1'), undefined, { siblings: [leaf], other: undefined })).toBeUndefined()
    expect(trieRootFromProof(pathOf('1'), undefined, { siblings: [emptyDigest], other: undefined })).toBeUndefined()
    expect(trieRootFromProof(pathOf('1'), undefined, { siblings: [inner], other: undefined })).toBeDefined()
  })
  test('another entry that does not stand on the path, or that is the path itself', () => {
    expect(trieRootFromProof(pathOf('1'), undefined, { siblings: [inner], other: here })).toBeUndefined()
    expect(trieRootFromProof(here.path, undefined, { siblings: [inner], other: here })).toBeUndefined()
    expect(trieRootFromProof(pathOf('00'), undefined, { siblings: [inner], other: here })).toBeDefined()
  })
  test('another entry in a proof of presence', () => {
    const other = entryAt('011')
    expect(trieRootFromProof(here.path, here.digest, { siblings: [inner], other })).toBeUndefined()
  })
  test('more siblings than a path has bits, or a sibling of another length', () => {
    const siblings = Array.from({ length: 257 }, () => inner)
    expect(trieRootFromProof(here.path, here.digest, { siblings, other: undefined })).toBeUndefined()
    const short = { siblings: [inner.slice(1)], other: undefined }
    expect(trieRootFromProof(here.path, here.digest, short)).toBeUndefined()
  })
})

describe('depth is committed (docs/adr/0003-trie-commits-to-depth.md)', () => {
  // Two entries that part at bit 20, and agree with each other at bit 10.
  const kept = entryAt('000000000000000000000')
  const denied = entryAt('000000000000000000001')

  test('if lone inner nodes rose, an entry could be denied', () => {
    // The root of such a trie is one hash: nothing above bit 20 leaves a trace in it.
    const risenRoot = innerDigest(leafDigest(kept.path, kept.digest), leafDigest(denied.path, denied.digest))
    // The prover claims that the two part at bit 10 already, where the denied path goes to the other one's side.
    const claimedDepth = 10
    const sibling = leafDigest(denied.path, denied.digest)
    const claimed = leafDigest(kept.path, kept.digest)
    const goesLeft = (denied.path[claimedDepth >> 3]! >> (7 - (claimedDepth & 7))) % 2 === 0
    expect(goesLeft ? innerDigest(claimed, sibling) : innerDigest(sibling, claimed)).toEqual(risenRoot)
  })

  test('here the same claim leads to another root', () => {
    const trie = StateTrie.fromEntries([kept, denied])
    const empties = Array.from({ length: 10 }, () => emptyDigest)
    const siblings = [...empties, leafDigest(denied.path, denied.digest)]
    expect(trieRootFromProof(denied.path, undefined, { siblings, other: kept })).not.toEqual(trie.root)
    expect(trie.prove(denied.path).siblings).toHaveLength(21)
  })
})

describe('encoding', () => {
  test('empty siblings are not carried: a map of bits stands for them', () => {
    const trie = StateTrie.fromEntries([entryAt('000000000000000000000'), entryAt('000000000000000000001')])
    const bytes = encode(trieProof, trie.prove(entryAt('000000000000000000001').path))
    expect(bytes).toHaveLength(2 + 3 + 32 + 1)
    expect([...bytes.subarray(0, 5)]).toEqual([21, 0, 0, 0, 0b10000])
  })
  test('error: surplus bits of the map, a carried empty sibling, too many siblings', () => {
    const surplus = Uint8Array.of(1, 0, 0b11, ...new Uint8Array(32).fill(1), 0)
    expect(() => decode(trieProof, surplus)).toThrow('siblings: a bit of the map has no sibling')
    const carried = Uint8Array.of(1, 0, 0b01, ...new Uint8Array(32), 0)
    expect(() => decode(trieProof, carried)).toThrow('siblings[0]: an empty sibling is not carried')
    const many = Uint8Array.of(1, 1, ...new Uint8Array(33), 0)
    expect(() => decode(trieProof, many)).toThrow('siblings: 257 siblings, at most 256')
  })
  test('error: JSON with zeros for an empty sibling, or something that is no digest', () => {
    const json = (sibling: unknown) => () => decodeJson(trieProof, { siblings: [sibling], other: null })
    expect(json('00'.repeat(32))).toThrow('siblings[0]: an empty sibling is null')
    expect(json('11'.repeat(31))).toThrow('siblings[0]: 32 bytes are wanted')
    expect(json(3)).toThrow('siblings[0]: hexadecimal text or null')
    expect(json(null)()).toEqual({ siblings: [new Uint8Array(32)], other: undefined })
  })
})
