import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lockHome } from './start-lock.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tallystick-lock-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

it('one process at a time starts the nodes of a home', async () => {
  const unlock = await lockHome(home)
  await expect(lockHome(home)).rejects.toMatchObject({ code: 'NETWORK_RUNNING', fields: { pid: process.pid } })
  await unlock()
  await (await lockHome(home))()
})

it('a lock whose process is gone, or that is damaged, is taken over', async () => {
  const path = join(home, 'run', 'lock.json')
  await writeFile(path, JSON.stringify({ pid: process.pid, startTicks: '1', bootId: 'before' }))
  await (await lockHome(home))()
  await writeFile(path, '{"pid":')
  await (await lockHome(home))()
})
