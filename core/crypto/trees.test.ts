import { expect, test } from 'vitest'
import { decode, encode, fromHex, Sampler, toHex } from '../codec/index.ts'
import { expectFrozen } from '../codec/testing/freeze.ts'
import { frozenVectors } from '../codec/testing/frozen-file.ts'
import { listRoot, listRootFromPath, listTree, StateTrie, trieProof, trieRootFromProof } from './index.ts'
import { referenceRoot } from './testing/reference-trie.ts'

interface ListVector {
  kind: string
  leaves: string[]
  root: string
  /** Of the last leaf. */
  path: string[]
}

function makeLists(): ListVector[] {
  const sampler = new Sampler(2n)
  return [0, 1, 2, 3, 4, 5, 7, 8, 11].map((count) => {
    const leaves = Array.from({ length: count }, () => sampler.bytes(32))
    const tree = listTree('example', leaves)
    const path = count === 0 ? [] : tree.path(count - 1)
    return { kind: 'example', leaves: leaves.map(toHex), root: toHex(tree.root), path: path.map(toHex) }
  })
}

test('lists: the roots and paths are those of spec/vectors/list-trees.json', () => {
  const vectors = frozenVectors('list-trees.json', makeLists)
  expect(vectors).toHaveLength(9)
  for (const { kind, leaves, root, path } of vectors) {
    const digests = leaves.map((leaf) => fromHex(leaf))
    expect(toHex(listRoot(kind, digests))).toBe(root)
    if (digests.length === 0) continue
    const siblings = path.map((sibling) => fromHex(sibling))
    expect(listTree(kind, digests).path(digests.length - 1)).toEqual(siblings)
    const reached = listRootFromPath(kind, digests.at(-1)!, digests.length - 1, digests.length, siblings)
    expect(toHex(reached!)).toBe(root)
  }
})

interface TrieVector {
  entries: [path: string, digest: string][]
  root: string
  /** Encoded; `digest` is null where the path is absent. */
  proofs: { path: string; digest: string | null; proof: string }[]
}

/** Sets whose paths part at chosen depths: neighbours in the last bit, in the first, and spread ones. */
function makeTries(): TrieVector[] {
  const sampler = new Sampler(3n)
  const pathOf = (first: number, last: number) => Uint8Array.of(first, ...new Uint8Array(30), last)
  const sets = [
    [],
    [pathOf(0x40, 0)],
    [pathOf(0, 0), pathOf(0x80, 0)],
    [pathOf(0, 0), pathOf(0, 1)],
    [pathOf(0, 0), pathOf(1, 0), pathOf(0xc0, 0), pathOf(0xc0, 0x10)],
    Array.from({ length: 40 }, () => sampler.bytes(32)),
  ]
  return sets.map((paths) => {
    const entries = paths.map((path) => ({ path, digest: sampler.bytes(32) }))
    const trie = StateTrie.fromEntries(entries)
    const asked = [...paths.slice(0, 3), pathOf(0, 3), pathOf(0xff, 0), pathOf(0x20, 0)]
    return {
      entries: entries.map(({ path, digest }) => [toHex(path), toHex(digest)]),
      root: toHex(referenceRoot(entries)),
      proofs: asked.map((path) => {
        const digest = trie.get(path)
        const proof = toHex(encode(trieProof, trie.prove(path)))
        return { path: toHex(path), digest: digest === undefined ? null : toHex(digest), proof }
      }),
    }
  })
}

test('tries: the roots and proofs are those of spec/vectors/state-tries.json', () => {
  for (const { entries, root, proofs } of frozenVectors('state-tries.json', makeTries)) {
    const trie = StateTrie.fromEntries(
      entries.map(([path, digest]) => ({ path: fromHex(path), digest: fromHex(digest) })),
    )
    expect(toHex(trie.root)).toBe(root)
    for (const { path, digest, proof } of proofs) {
      expect(toHex(encode(trieProof, trie.prove(fromHex(path))))).toBe(proof)
      const value = digest === null ? undefined : fromHex(digest)
      expect(toHex(trieRootFromProof(fromHex(path), value, decode(trieProof, fromHex(proof)))!)).toBe(root)
    }
  }
})

test('the form of a proof is frozen', () => {
  expectFrozen('crypto/trie-proof', trieProof)
})
