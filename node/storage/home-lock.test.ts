import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockConsensusKey, lockHome } from './home-lock.ts'
import { ended, outputOf, startChild } from './testing/compiled-child.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

test('a second lock of a home names the process that has it, by whatever path it comes', async () => {
  const folder = temporaryFolder()
  const home = join(folder, 'home')
  mkdirSync(home)
  symlinkSync(home, join(folder, 'link'))
  const lock = await lockHome(home)
  await expect(lockHome(join(folder, 'link'))).rejects.toMatchObject({
    code: 'HOME_IN_USE',
    message: expect.stringContaining(`process ${process.pid}`),
  })
  await lock.release()
  await (await lockHome(home)).release()
})

test('locks of different homes do not meet', async () => {
  const locks = await Promise.all([lockHome(temporaryFolder()), lockHome(temporaryFolder())])
  for (const lock of locks) await lock.release()
})

test('a killed process leaves no lock behind', async () => {
  const folder = temporaryFolder()
  const child = startChild(
    folder,
    `await storage.lockHome(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000)`,
  )
  const exit = ended(child)
  await outputOf(child, (printed) => printed.includes('held'))
  await expect(lockHome(folder)).rejects.toMatchObject({
    code: 'HOME_IN_USE',
    message: expect.stringContaining(`process ${child.pid}`),
  })
  child.kill('SIGKILL')
  await exit
  await (await lockHome(folder)).release()
})

test('one consensus key is held once on a machine, whatever the home', async () => {
  const key = new Uint8Array(32).map(() => Math.floor(Math.random() * 256))
  const lock = await lockConsensusKey(key)
  await expect(lockConsensusKey(key)).rejects.toMatchObject({ code: 'CONSENSUS_KEY_IN_USE' })
  await lock.release()
})

test('a home that is not there is refused', async () => {
  await expect(lockHome(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'STORAGE_UNREADABLE' })
})
