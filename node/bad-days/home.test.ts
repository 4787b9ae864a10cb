import { chmod, copyFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { genesisText, readGenesisFile } from '../config/index.ts'
import { readKeyFile, writeKeyFile } from '../keys/index.ts'
import { isBuilt, type LaunchOptions } from '../testing/node-process.ts'
import { BadNetwork } from './testing/bad-network.ts'

const passphrase = (words: string): LaunchOptions => ({ environment: { TALLYSTICK_PASSPHRASE: words } })

describe.skipIf(!isBuilt)('a home that is not as it should be', () => {
  let network: BadNetwork
  let other: BadNetwork
  beforeAll(async () => {
    network = await BadNetwork.create()
    other = await BadNetwork.create()
    await network.start(0)
    await network.stop(0)
  }, 120_000)
  afterAll(async () => {
    await network?.end()
    await other?.end()
  })

  const key = (name: string, index = 0): string => join(network.home(index), 'keys', `${name}.json`)
  const kept = new Map<string, string>()
  beforeEach(async () => {
    for (const path of [
      key('node'),
      key('consensus'),
      join(network.home(0), 'node.json'),
      network.network.genesisPath,
    ]) {
      if (!kept.has(path)) kept.set(path, await readFile(path, 'utf8'))
      await rm(path)
      await writeFile(path, kept.get(path)!, { mode: 0o600 })
    }
  })
  const refusal = (code: string, path?: string): object =>
    expect.objectContaining({ code, ...(path && { message: expect.stringContaining(path) }) })

  test('the genesis of another network', async () => {
    const { genesisPath } = network.network
    await copyFile(other.network.genesisPath, genesisPath)
    await expect(network.start(0)).rejects.toEqual(refusal('GENESIS_CORRUPTED', genesisPath))
  })

  test('a data folder of another network', async () => {
    // The other network has no data yet, so it gets this one's.
    const config = join(other.home(0), 'node.json')
    const text = await readFile(config, 'utf8')
    await writeFile(config, text.replace('"directory": "data"', `"directory": ${JSON.stringify(network.data(0))}`))
    await expect(other.start(0)).rejects.toEqual(refusal('STORAGE_WRONG_LEDGER', network.data(0)))
    await writeFile(config, text)
  })

  test("another validator's node key, or consensus key", async () => {
    await copyFile(key('node', 1), key('node'))
    await expect(network.start(0)).rejects.toEqual(refusal('CONFIG_KEY_NOT_IN_GENESIS'))
    await copyFile(join(other.home(0), 'keys', 'consensus.json'), key('consensus'))
    await expect(network.start(0)).rejects.toEqual(refusal('CONFIG_KEY_NOT_IN_GENESIS'))
  })

  test('a key of another kind', async () => {
    await copyFile(key('node'), key('consensus'))
    await expect(network.start(0)).rejects.toEqual(refusal('KEY_FILE_KIND', key('consensus')))
  })

  test('a key that others may read', async () => {
    await chmod(key('consensus'), 0o644)
    await expect(network.start(0)).rejects.toEqual(refusal('KEY_FILE_PERMISSIONS', key('consensus')))
  })

  test('a damaged key', async () => {
    const text = await readFile(key('consensus'), 'utf8')
    await writeFile(key('consensus'), text.slice(0, text.length / 2))
    await expect(network.start(0)).rejects.toEqual(refusal('KEY_FILE_MALFORMED', key('consensus')))
    const file = JSON.parse(text)
    const digits: string = file.secret.secret
    file.secret.secret = `${digits.slice(0, -1)}${digits.endsWith('0') ? '1' : '0'}`
    await writeFile(key('consensus'), JSON.stringify(file))
    await expect(network.start(0)).rejects.toEqual(refusal('KEY_FILE_MISMATCH', key('consensus')))
  }, 120_000)

  test('an encrypted key without its passphrase', async () => {
    const plain = await readKeyFile(key('consensus'), 'consensus')
    await rm(key('consensus'))
    await writeKeyFile(key('consensus'), plain, 'the right words')
    await expect(network.start(0)).rejects.toEqual(refusal('KEY_PASSPHRASE_MISSING', key('consensus')))
    await expect(network.start(0, passphrase('other words'))).rejects.toEqual(refusal('KEY_PASSPHRASE_WRONG'))
    await network.start(0, passphrase('the right words'))
    await network.stop(0)
  }, 120_000)

  test('a second process on the home', async () => {
    const first = await network.start(0)
    await expect(network.start(0)).rejects.toMatchObject({
      code: 'HOME_IN_USE',
      message: expect.stringContaining(`process ${first.pid}`),
    })
    await network.stop(0)
  })

  test('with all of it put right, the node starts as if nothing had been', async () => {
    expect(genesisText(await readGenesisFile(network.network.genesisPath))).toBe(network.genesisText)
    await Promise.all([0, 1, 2, 3].map((index) => network.start(index)))
    await network.book.open(network.client())
    await network.expectSameChain()
  }, 120_000)
})
