import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listRoot, listRootFromPath, listTree, MountainRange, rangePath, taggedHash } from './index.ts'

const leafAt = (i: number) => taggedHash('test', Uint8Array.of(i >> 16, i >> 8, i))
const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => leafAt(i))

/** Grows a range and keeps what it reports, as a store does. */
function grow(count: number) {
  const range = new MountainRange('test')
  const nodes = new Map<string, Uint8Array>()
  for (let i = 0; i < count; i++) {
    for (const { level, index, digest } of range.append(leafAt(i))) nodes.set(`${level}/${index}`, digest)
  }
  const nodeAt = (level: number, index: number) => {
    const node = nodes.get(`${level}/${index}`)
    if (node === undefined) throw new Error(`node ${level}/${index} was never reported complete`)
    return node
  }
  return { range, nodeAt }
}

test('the root and all paths are those of the list, for every length up to 80', () => {
  for (let count = 0; count <= 80; count++) {
    const { range, nodeAt } = grow(count)
    const tree = listTree('test', leavesOf(count))
    expect(range.root()).toEqual(tree.root)
    for (let index = 0; index < count; index++) expect(rangePath(count, index, nodeAt)).toEqual(tree.path(index))
  }
})

test('the nodes of a longer list prove leaves of every shorter one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), fc.nat(), (total, some, at) => {
      const { nodeAt } = grow(total)
      const size = 1 + (some % total)
      const index = at % size
      const root = listRoot('test', leavesOf(size))
      expect(listRootFromPath('test', leafAt(index), index, size, rangePath(size, index, nodeAt))).toEqual(root)
    }),
    { numRuns: 25 },
  )
})

test('a range resumes from its size and peaks', () => {
  for (const size of [0, 1, 2, 7, 8, 100]) {
    const { range } = grow(size)
    const resumed = MountainRange.fromPeaks('test', size, range.peaks)
    expect(resumed.append(leafAt(size))).toEqual(range.append(leafAt(size)))
    expect(resumed.root()).toEqual(range.root())
    expect(resumed.size).toBe(size + 1)
  }
})

test('error: peaks that do not fit the size, an index outside the list', () => {
  expect(() => MountainRange.fromPeaks('test', 3, [leafAt(0)])).toThrow(RangeError)
  expect(() => MountainRange.fromPeaks('test', -1, [])).toThrow(RangeError)
  expect(() => rangePath(3, 3, () => leafAt(0))).toThrow(RangeError)
})
