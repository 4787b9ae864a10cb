import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalBytes } from '../codec/index.ts'
import {
  listPath,
  listRoot,
  listRootFromPath,
  listRootOfPacked,
  listTops,
  listTree,
  sealRoot,
  taggedHash,
} from './index.ts'

const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => taggedHash('test', Uint8Array.of(i >> 8, i)))

/** RFC 6962, section 2.1: the list is cut at the largest power of two below its length. */
function rfc6962Top(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return new Uint8Array(32)
  if (leaves.length === 1) return leaves[0]!
  let cut = 1
  while (cut * 2 < leaves.length) cut *= 2
  const hash = createHash('sha256')
    .update(rfc6962Top(leaves.slice(0, cut)))
    .update(rfc6962Top(leaves.slice(cut)))
  return new Uint8Array(hash.digest())
}

test('the tree has the shape of RFC 6962', () => {
  for (let count = 0; count <= 70; count++) {
    const leaves = leavesOf(count)
    expect(listRoot('test', leaves)).toEqual(sealRoot('test', count, rfc6962Top(leaves)))
    const packed = Uint8Array.from(leaves.flatMap((leaf) => [...leaf]))
    expect(listRootOfPacked('test', packed)).toEqual(listRoot('test', leaves))
  }
})

test('every path leads to the root, and one tree gives the same paths as one by one', () => {
  for (let count = 1; count <= 70; count++) {
    const leaves = leavesOf(count)
    const tree = listTree('test', leaves)
    expect(tree.root).toEqual(listRoot('test', leaves))
    for (let index = 0; index < count; index++) {
      expect(tree.path(index)).toEqual(listPath(leaves, index))
      expect(listRootFromPath('test', leaves[index]!, index, count, tree.path(index))).toEqual(tree.root)
    }
  }
})

test('a path shows no other leaf, index, length or kind', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.nat(),
      fc.nat({ max: 310 }),
      fc.nat({ max: 310 }),
      (count, at, i, n) => {
        const index = at % count
        const leaves = leavesOf(count)
        const tree = listTree('test', leaves)
        const path = tree.path(index)
        const reached = (kind: string, leaf: Uint8Array, claimedIndex: number, length: number, claimed = path) => {
          const root = listRootFromPath(kind, leaf, claimedIndex, length, claimed)
          return root !== undefined && equalBytes(root, tree.root)
        }
        const leaf = leaves[index]!
        expect(reached('test', leaf, index, count)).toBe(true)
        expect(reached('test', leaf, i, n)).toBe(i === index && n === count)
        expect(reached('test', taggedHash('other', leaf), index, count)).toBe(false)
        expect(reached('other', leaf, index, count)).toBe(false)
        expect(reached('test', leaf, index, count, [...path, leaf])).toBe(false)
        if (path.length > 0) expect(reached('test', leaf, index, count, path.slice(1))).toBe(false)
      },
    ),
  )
})

test('a list is not a list with its last leaf repeated', () => {
  const leaves = leavesOf(3)
  expect(listRoot('test', leaves)).not.toEqual(listRoot('test', [...leaves, leaves[2]!]))
})

test('error: no path for an index outside the list', () => {
  expect(() => listPath(leavesOf(3), 3)).toThrow(RangeError)
  expect(() => listTree('test', []).path(0)).toThrow(RangeError)
  expect(listRootFromPath('test', leavesOf(1)[0]!, 1, 1, [])).toBeUndefined()
  expect(listRootFromPath('test', leavesOf(1)[0]!, -1, 1, [])).toBeUndefined()
})

test('the tops of many packed lists are those of each alone', () => {
  for (const lengths of [[1], [2, 2, 2], [5, 1, 2, 8, 3], [4, 8, 1, 1], Array.from({ length: 40 }, (_, i) => i + 1)]) {
    const lists = lengths.map((length, i) => leavesOf(length + i).slice(i))
    const tops = listTops(Uint8Array.from(lists.flat().flatMap((leaf) => [...leaf])), lengths)
    for (const [i, leaves] of lists.entries()) {
      expect(tops.slice(32 * i, 32 * i + 32)).toEqual(rfc6962Top(leaves))
    }
    expect(tops.length).toBe(32 * lists.length)
  }
})
