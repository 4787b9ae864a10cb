import { mkdir } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { isBuilt } from '../testing/node-process.ts'
import { BadNetwork, validators } from './testing/bad-network.ts'
import { Load } from './testing/load.ts'
import { canMount, SmallDisk } from './testing/small-disk.ts'

const victim = 1
/** Whichever write comes first: of the node's own files, or of the executed state that is derived from them. */
const noRoom = {
  code: expect.stringMatching(/^(STORAGE_SYNC_FAILED|EXECUTOR_FAILED)$/),
  message: expect.stringMatching(/ENOSPC|EFBIG|no space left|too large|were written/i),
}
const others = validators.filter((index) => index !== victim)

describe.skipIf(!isBuilt || process.platform !== 'linux')('a disk that takes no more', () => {
  let network: BadNetwork
  let disk: SmallDisk | undefined
  afterEach(async () => {
    await network?.end()
    await disk?.remove()
  })

  async function expectNoDoubleVote(): Promise<void> {
    for (const index of validators) {
      expect(await network.metric(index, 'tallystick_consensus_evidence_found')).toBe(0)
      expect((await network.status(index)).halted).toBeNull()
    }
  }

  test.skipIf(!canMount)(
    'a full file system stops the node by a code, and with room again it goes on',
    async () => {
      network = await BadNetwork.create()
      await mkdir(network.data(victim), { recursive: true })
      disk = await SmallDisk.over(network.data(victim), 256 * 1_048_576)
      const launch = { wrapper: disk.wrapper }
      const [full] = await Promise.all([network.start(victim, launch), ...others.map((index) => network.start(index))])
      await network.book.open(network.client())
      const load = new Load(network, 'full')
      await load.more(20)
      await disk.fill(64)
      const end = await full.ended
      expect(end).toMatchObject(noRoom)
      await load.more(20)
      // Still full: refused by the same code, nothing is changed.
      await expect(network.start(victim, launch)).rejects.toMatchObject({ code: noRoom.code })
      await disk.empty()
      await network.start(victim, launch)
      await load.more(20)
      await load.stop()
      await load.expectAllKept()
      await expectNoDoubleVote()
    },
    300_000,
  )

  test.skipIf(canMount)(
    'a file that may not grow stops the node by a code, and without the limit it goes on',
    async () => {
      network = await BadNetwork.create()
      const launch = { wrapper: ['prlimit', `--fsize=${150 * 1_024}`] }
      const [limited] = await Promise.all([
        network.start(victim, launch),
        ...others.map((index) => network.start(index)),
      ])
      await network.book.open(network.client())
      const load = new Load(network, 'limit')
      const end = await limited.ended
      expect(end).toMatchObject(noRoom)
      await load.more(20)
      await network.start(victim)
      await load.more(20)
      await load.stop()
      await load.expectAllKept()
      await expectNoDoubleVote()
    },
    300_000,
  )
})
