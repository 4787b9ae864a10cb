import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareBytes, toHex } from '../../codec/index.ts'
import { type ReferenceEntry, referenceRoot, referenceSiblings } from '../testing/reference-trie.ts'
import { StateTrie, type TrieChange } from './index.ts'
import { anyDigest, anyEntries, anyPath } from './testing/arbitraries.ts'

function sorted(entries: Iterable<ReferenceEntry>): ReferenceEntry[] {
  return [...entries].sort((a, b) => compareBytes(a.path, b.path))
}

test('the empty trie has the root of 32 zero bytes', () => {
  const trie = new StateTrie()
  expect(trie.root).toEqual(new Uint8Array(32))
  expect(trie.size).toBe(0)
  expect(trie.get(new Uint8Array(32))).toBeUndefined()
  expect([...trie.entries()]).toEqual([])
})

test('a sole entry is the root: a leaf rises to its first unique prefix', () => {
  const path = new Uint8Array(32).fill(7)
  const digest = new Uint8Array(32).fill(9)
  const { root } = StateTrie.fromEntries([{ path, digest }])
  expect(toHex(root)).toBe('49440fa464b171c07462bb22422aac0ad0086d5f231ad3e05071ff5e8826d754')
  expect(root).toEqual(referenceRoot([{ path, digest }]))
})

test('the root is that of the definition, whatever the order of the changes', () => {
  fc.assert(
    fc.property(anyEntries(120), fc.infiniteStream(fc.nat()), (entries, shuffle) => {
      const expected = referenceRoot(entries)
      expect(StateTrie.fromEntries(entries).root).toEqual(expected)
      const keyed = entries.map((entry) => ({ entry, key: shuffle.next().value ?? 0 }))
      const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry)
      const trie = new StateTrie()
      for (let at = 0; at < shuffled.length; ) {
        const take = 1 + ((shuffle.next().value ?? 0) % 40)
        trie.update(shuffled.slice(at, at + take))
        at += take
        if (take % 3 === 0) expect(trie.root).toEqual(referenceRoot(shuffled.slice(0, at)))
      }
      expect(trie.root).toEqual(expected)
      expect([...trie.entries()]).toEqual(sorted(entries))
    }),
    { numRuns: 60 },
  )
})

test('puts, overwrites and removals leave the trie of the entries that remain', () => {
  const anyChange = fc.record({ path: anyPath, digest: fc.option(anyDigest, { nil: undefined, freq: 2 }) })
  fc.assert(
    fc.property(fc.array(fc.array(anyChange, { maxLength: 50 }), { maxLength: 6 }), (batches: TrieChange[][]) => {
      const trie = new StateTrie()
      const model = new Map<string, ReferenceEntry>()
      for (const changes of batches) {
        trie.update(changes)
        for (const { path, digest } of changes) {
          if (digest === undefined) model.delete(toHex(path))
          else model.set(toHex(path), { path, digest })
        }
        expect(trie.root).toEqual(referenceRoot([...model.values()]))
        expect(trie.size).toBe(model.size)
        for (const { path } of changes) expect(trie.get(path)).toEqual(model.get(toHex(path))?.digest)
      }
      expect([...trie.entries()]).toEqual(sorted(model.values()))
      trie.update([...model.values()].map(({ path }) => ({ path, digest: undefined })))
      expect(trie.root).toEqual(new Uint8Array(32))
    }),
    { numRuns: 60 },
  )
})

test('a proof lists the siblings of the definition', () => {
  fc.assert(
    fc.property(anyEntries(60), anyPath, (entries, path) => {
      const trie = StateTrie.fromEntries(entries)
      expect(trie.prove(path).siblings).toEqual(referenceSiblings(entries, path))
    }),
    { numRuns: 100 },
  )
})

describe('many entries', () => {
  const entries = Array.from({ length: 40_000 }, (_, i) => {
    const path = new Uint8Array(32)
    const digest = new Uint8Array(32).fill(i % 251)
    // A multiplicative hash spreads the paths; the low bytes keep them apart.
    new DataView(path.buffer).setUint32(0, Math.imul(i, 0x9e3779b1) >>> 0)
    new DataView(path.buffer).setUint32(28, i)
    return { path, digest }
  })

  test('growth on the way, expected room and one batch give the same root', () => {
    const roots = [new StateTrie(), new StateTrie({ entriesExpected: 40_000 })].map((trie) => {
      for (let at = 0; at < entries.length; at += 7_000) {
        trie.update(entries.slice(at, at + 7_000))
        expect(trie.root).toHaveLength(32)
      }
      return toHex(trie.root)
    })
    expect(new Set([...roots, toHex(StateTrie.fromEntries(entries).root)]).size).toBe(1)
  })

  test('removing half leaves the trie of the other half, and the room is used again', () => {
    const trie = StateTrie.fromEntries(entries)
    const before = trie.root
    const gone = entries.filter((_, i) => i % 2 === 0)
    trie.update(gone.map(({ path }) => ({ path, digest: undefined })))
    expect(trie.root).toEqual(StateTrie.fromEntries(entries.filter((_, i) => i % 2 === 1)).root)
    trie.update(gone)
    expect(trie.root).toEqual(before)
  })

  test('entries that share a long prefix are told apart', () => {
    const path = (last: number) => new Uint8Array(32).fill(0xaa, 0, 31).fill(last, 31)
    const near = Array.from({ length: 200 }, (_, i) => ({ path: path(i), digest: path(255 - i) }))
    expect(StateTrie.fromEntries(near).root).toEqual(referenceRoot(near))
  })
})

test('error: a path or digest of another length changes nothing', () => {
  const trie = new StateTrie()
  const good = { path: new Uint8Array(32), digest: new Uint8Array(32) }
  expect(() => trie.update([good, { path: new Uint8Array(31), digest: undefined }])).toThrow(RangeError)
  expect(() => trie.update([good, { path: new Uint8Array(32), digest: new Uint8Array(33) }])).toThrow(RangeError)
  expect(trie.size).toBe(0)
})
