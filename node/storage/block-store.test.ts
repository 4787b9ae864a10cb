import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BlockStore, type StoredBlock } from './block-store.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const ledger = new Uint8Array(32).fill(7)
const open = (directory: string) => BlockStore.open({ directory, ledger, segmentBytesMax: 8_192 })

function blockAt(height: number): StoredBlock {
  const batches = Array.from({ length: height % 4 }, (_, i) => new Uint8Array(200 + i).fill(height))
  return {
    height,
    block: new Uint8Array(300).fill(height),
    batches,
    finality: height % 3 === 0 ? new Uint8Array(64) : undefined,
  }
}

async function filled(directory: string, heights: number): Promise<void> {
  const store = await open(directory)
  for (let height = 1; height <= heights; height++) {
    store.append(blockAt(height))
    if (height % 7 === 0) await store.sync()
  }
  await store.sync()
  await store.close()
}

function expectAll(store: BlockStore, heights: number): void {
  expect(store.height).toBe(heights)
  for (let height = 1; height <= heights; height++) expect(store.read(height)).toMatchObject(blockAt(height))
  expect([store.read(0), store.read(heights + 1)]).toEqual([undefined, undefined])
}

test('an empty store has height 0, and a block can be read before it is synced', async () => {
  const store = await open(temporaryFolder())
  expect([store.height, store.firstHeight, store.read(1)]).toEqual([0, undefined, undefined])
  store.append(blockAt(1))
  expect(store.read(1)).toMatchObject(blockAt(1))
  await store.close()
})

test('keeps blocks with their batches and finality over reopenings and segments', async () => {
  const directory = temporaryFolder()
  await filled(directory, 100)
  const store = await open(directory)
  expectAll(store, 100)
  store.append(blockAt(101))
  await store.close()
  const again = await open(directory)
  expectAll(again, 101)
  await again.close()
})

test('a block is read alone, whatever its length, written or not', async () => {
  const directory = temporaryFolder()
  const store = await open(directory)
  const lengths = [0, 1, 300, 1_011, 1_012, 1_013, 5_000]
  for (const [i, length] of lengths.entries()) {
    store.append({ ...blockAt(i + 1), block: new Uint8Array(length).fill(i + 1) })
  }
  const expectBlocks = (): void => {
    for (const [i, length] of lengths.entries())
      expect(store.readBlock(i + 1)).toEqual(new Uint8Array(length).fill(i + 1))
    expect(store.readBlock(lengths.length + 1)).toBeUndefined()
  }
  expectBlocks()
  await store.sync()
  expectBlocks()
  await store.close()
})

test('derived index files that are missing, stale or damaged are made anew from the blocks', async () => {
  const directory = temporaryFolder()
  await filled(directory, 100)
  const indexes = readdirSync(directory)
    .filter((name) => name.endsWith('.index'))
    .sort()
  expect(indexes.length).toBeGreaterThan(5)
  const [missing, damaged, stale, next] = indexes.map((name) => join(directory, name))
  const before = indexes.map((name) => readFileSync(join(directory, name)))
  rmSync(missing!)
  writeFileSync(damaged!, readFileSync(damaged!).fill(0, 4, 6))
  writeFileSync(stale!, readFileSync(next!))
  const store = await open(directory)
  expectAll(store, 100)
  await store.close()
  expect(indexes.map((name) => readFileSync(join(directory, name)))).toEqual(before)
})

test('refuses blocks out of order', async () => {
  const store = await open(temporaryFolder())
  store.append(blockAt(5))
  for (const height of [0, 4, 5, 7]) {
    expect(() => store.append(blockAt(height))).toThrow(expect.objectContaining({ code: 'STORAGE_OUT_OF_ORDER' }))
  }
  store.append(blockAt(6))
  expect([store.firstHeight, store.height]).toEqual([5, 6])
  await store.close()
})

test('a missing segment is damage', async () => {
  const directory = temporaryFolder()
  await filled(directory, 100)
  rmSync(join(directory, 'blocks-00000003.log'))
  await expect(open(directory)).rejects.toMatchObject({ code: 'STORAGE_DAMAGED' })
})

test('a block that changed on the disk is refused when it is read, also where an index file spared its reading', async () => {
  const directory = temporaryFolder()
  await filled(directory, 100)
  const file = join(directory, 'blocks-00000002.log')
  const bytes = readFileSync(file)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(file, bytes)
  const store = await open(directory)
  const results = Array.from({ length: 100 }, (_, i) => {
    try {
      return store.read(i + 1)!.height
    } catch (error) {
      return (error as { code: string }).code
    }
  })
  expect(results.filter((result) => result === 'STORAGE_DAMAGED')).toHaveLength(1)
  await store.close()
})
