import { appendFile, cp, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isBuilt } from '../testing/node-process.ts'
import { BadNetwork } from './testing/bad-network.ts'
import { Load } from './testing/load.ts'

/** The newest file of a log. */
async function newestLog(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort()
  return join(folder, names.at(-1)!)
}

async function flipByteInTheMiddle(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes[Math.floor(bytes.length / 3)]! ^= 0xff
  await writeFile(file, bytes)
}

const victim = 2

describe.skipIf(!isBuilt)('damaged files', () => {
  let network: BadNetwork
  let load: Load
  beforeAll(async () => {
    network = await BadNetwork.start()
    load = new Load(network, 'damage')
    await load.more(40)
  }, 120_000)
  afterAll(async () => {
    await network?.end()
  })

  const moveAside = async (...names: string[]): Promise<void> => {
    await mkdir(network.data(victim, 'aside'), { recursive: true })
    for (const name of names) {
      await rm(network.data(victim, 'aside', name), { recursive: true, force: true })
      await rename(network.data(victim, name), network.data(victim, 'aside', name))
    }
  }

  test('a torn last record of any file is cut, and the node goes on', async () => {
    await network.kill(victim)
    // A write that had begun, and one whose end is lost.
    for (const log of ['batches', 'journal'])
      await appendFile(await newestLog(network.data(victim, log)), 'half a record')
    const blocks = await newestLog(network.data(victim, 'blocks'))
    await truncate(blocks, (await stat(blocks)).size - 5)
    const { log } = await network.start(victim)
    for (const name of ['blocks', 'batches', 'journal']) {
      expect(log()).toMatch(new RegExp(`cut an unfinished last record: .*${name}-0.*from byte`))
    }
    await load.more(20)
    await network.book.pay(network.client(victim, 'only'), 'torn')
  }, 120_000)

  test('a damaged block keeps the node from starting, by file and offset; moved aside, the blocks come from the peers', async () => {
    await network.kill(victim)
    const file = await newestLog(network.data(victim, 'blocks'))
    await flipByteInTheMiddle(file)
    const offset = expect.stringMatching(new RegExp(`${file} at byte \\d+: `))
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(network.start(victim)).rejects.toMatchObject({ code: 'STORAGE_DAMAGED', message: offset })
    }
    await moveAside('blocks', 'batches', 'state')
    await network.start(victim)
    await load.more(20)
    await network.book.pay(network.client(victim, 'only'), 'refetched')
  }, 120_000)

  test('moved aside without the executed state, that is built anew', async () => {
    await network.kill(victim)
    await moveAside('blocks', 'batches')
    const { log } = await network.start(victim)
    expect(log()).toMatch(/the executed state is at height \d+, the blocks end at 0: it is built anew/)
    await network.book.pay(network.client(victim, 'only'), 'state ahead')
  }, 120_000)

  test('a data folder that is gone is no first start: the key has signed, and is not used again', async () => {
    await network.kill(victim)
    const data = network.data(victim)
    await rename(data, `${data}-aside`)
    for (let attempt = 0; attempt < 2; attempt++) {
      await expect(network.start(victim)).rejects.toMatchObject({ code: 'CONSENSUS_KEY_UNSAFE' })
    }
    // With the reservation back, as the error says, the node knows what it may not sign.
    await cp(join(`${data}-aside`, 'reservation'), join(data, 'reservation'))
    const { log } = await network.start(victim)
    expect(log()).toContain('alarm JOURNAL_LOST')
    await load.more(20)
    await network.kill(victim)
    await rm(data, { recursive: true })
    await rename(`${data}-aside`, data)
  }, 120_000)

  test('a data folder from a backup does not sign what it signed since', async () => {
    const backup = `${network.data(victim)}-backup`
    await cp(network.data(victim), backup, { recursive: true })
    await network.start(victim)
    await load.more(30)
    await network.kill(victim)
    await rm(network.data(victim), { recursive: true })
    await rename(backup, network.data(victim))
    await network.start(victim)
    await load.more(30)
    for (const index of [0, 1, 3]) expect(await network.metric(index, 'tallystick_consensus_evidence_found')).toBe(0)
  }, 120_000)

  test('after all of it nothing acknowledged is lost, nothing paid twice, and the four agree', async () => {
    await load.stop()
    await load.expectAllKept({ otherPayments: 3 })
  }, 120_000)
})
