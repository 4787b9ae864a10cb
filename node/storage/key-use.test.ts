import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKeyUse } from './key-use.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

test('a key is unused until it is noted, and used ever after, also when another key follows', async () => {
  const file = join(temporaryFolder(), 'consensus-keys-used')
  const [first, second] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const use = await openKeyUse(file, first)
  expect(use.isUsed).toBe(false)
  expect((await openKeyUse(file, first)).isUsed).toBe(false)
  await use.note()
  expect((await openKeyUse(file, first)).isUsed).toBe(true)
  const other = await openKeyUse(file, second)
  expect(other.isUsed).toBe(false)
  await other.note()
  expect((await openKeyUse(file, first)).isUsed).toBe(true)
  expect((await openKeyUse(file, second)).isUsed).toBe(true)
})
