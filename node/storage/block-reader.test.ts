import { expect, test } from 'vitest'
import { BlockReader, blockPartOffsets } from './block-reader.ts'
import { BlockStore } from './block-store.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

test('finds every part of stored blocks beside the store, also in a closed segment', async () => {
  const directory = temporaryFolder()
  const store = await BlockStore.open({ directory, ledger: new Uint8Array(32), segmentBytesMax: 4_096 })
  const block = new Uint8Array(300).fill(1)
  const batches = [new Uint8Array(200).fill(2), new Uint8Array(0), new Uint8Array(2_000).fill(3)]
  const locations = [1, 2, 3].map((height) => store.append({ height, block, batches, finality: undefined }))
  await store.sync()
  const reader = new BlockReader(directory)
  for (const [index, location] of locations.entries()) {
    expect(store.read(index + 1)!.location).toEqual(location)
    const parts = [block, ...batches]
    const offsets = blockPartOffsets(location, block, batches)
    expect(offsets.map((offset, i) => reader.read(location.segment, offset, parts[i]!.length))).toEqual(parts)
  }
  reader.close()
  await store.close()
})

test('error: what the files do not have is told by code', async () => {
  const directory = temporaryFolder()
  const store = await BlockStore.open({ directory, ledger: new Uint8Array(32) })
  const reader = new BlockReader(directory)
  expect(() => reader.read(1, 1_000, 1)).toThrow(expect.objectContaining({ code: 'STORAGE_DAMAGED' }))
  expect(() => reader.read(2, 0, 1)).toThrow(expect.objectContaining({ code: 'STORAGE_UNREADABLE' }))
  reader.close()
  await store.close()
})
