import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compareBytes } from '@tallystick/core/codec'
import { afterEach, describe, expect, test } from 'vitest'
import { freePorts } from '../config/free-ports.ts'
import { readPublicKey } from '../keys/index.ts'
import { isBuilt, type NodeProcess, startNodeProcess } from '../testing/node-process.ts'
import { BadNetwork, type Status, until, validators } from './testing/bad-network.ts'
import { Load } from './testing/load.ts'

const preload = [fileURLToPath(new URL('./testing/other-machine.mjs', import.meta.url))]
describe.skipIf(!isBuilt)('one consensus key in two homes', () => {
  let network: BadNetwork
  let copy: NodeProcess | undefined
  let original = 0
  let others: number[] = []
  afterEach(async () => {
    await copy?.kill()
    await network?.end()
  })

  /**
   * The validator with the smallest node key. Peers keep one connection to a node key, by preference one that the smaller key has
   * dialled, so that a copy of any other may be turned away by all of them and never be heard.
   */
  async function smallestKey(): Promise<number> {
    const keys = await Promise.all(validators.map((i) => readPublicKey(join(network.home(i), 'keys', 'node.json'))))
    const sorted = keys.map(({ publicKey }, index) => ({ publicKey, index }))
    return sorted.sort((a, b) => compareBytes(a.publicKey, b.publicKey))[0]!.index
  }

  /** A copy of the validator's home with ports of its own. */
  async function copyHome(): Promise<string> {
    const home = `${network.home(original)}-copy`
    await cp(network.home(original), home, { recursive: true })
    const path = join(home, 'node.json')
    const config = JSON.parse(await readFile(path, 'utf8'))
    const [peerPort, apiPort] = await freePorts('127.0.0.1', 2)
    config.peers.listen.port = peerPort
    config.api.listen.port = apiPort
    await writeFile(path, JSON.stringify(config))
    return home
  }

  test('on one machine the second is refused; on two no fork comes of it, and a copy that sees the other stops for good', async () => {
    network = await BadNetwork.start()
    original = await smallestKey()
    others = validators.filter((index) => index !== original)
    const load = new Load(network, 'copy', others)
    await load.more(20)
    await network.kill(original)
    const home = await copyHome()
    const first = await network.start(original)
    await expect(startNodeProcess(home)).rejects.toMatchObject({ code: 'CONSENSUS_KEY_IN_USE' })

    const second = await startNodeProcess(home, { preload })
    copy = second
    const haltOf = async (url: string): Promise<string | undefined> =>
      ((await (await fetch(`${url}/v1/status`)).json()) as Status).halted?.code
    await until('the discovery', async () => {
      const halts = await Promise.all([first, second].map(({ apiUrl }) => haltOf(apiUrl)))
      const found = await Promise.all(others.map((i) => network.metric(i, 'tallystick_consensus_evidence_found')))
      expect(halts.every((code) => code === undefined || code === 'CONSENSUS_KEY_USED_ELSEWHERE')).toBe(true)
      return halts.some((code) => code !== undefined) || found.some((count) => count > 0)
    })
    await load.more(20)
    await load.stop()
    await load.expectAllKept({ indexes: others })
    for (const index of others) expect((await network.status(index)).halted).toBeNull()
  }, 180_000)
})
