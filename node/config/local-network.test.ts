import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equalBytes } from '@tallystick/core/codec'
import { ledgerOf, memberIdOf } from '@tallystick/core/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ConfigErrorCode,
  createLocalNetwork,
  demoMembers,
  freePorts,
  loadNodeHome,
  readGenesisFile,
} from './index.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallystick-config-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const failure = (code: ConfigErrorCode): object =>
  expect.objectContaining({ name: 'ConfigError', code, remedy: expect.any(String) })

let count = 0
const create = () => createLocalNetwork({ directory: join(directory, `network-${count++}`) })

async function edit(home: string, change: (file: { [field: string]: never }) => void): Promise<void> {
  const path = join(home, 'node.json')
  const file = JSON.parse(await readFile(path, 'utf8')) as { [field: string]: never }
  change(file)
  await writeFile(path, JSON.stringify(file))
}

describe('a local network', () => {
  it('has four validators of four members, whose homes load', async () => {
    const network = await create()
    const genesis = await readGenesisFile(network.genesisPath, network.ledger)
    expect(genesis.validators).toHaveLength(4)
    expect(genesis.validators.map((validator) => validator.member)).toEqual(
      demoMembers.map(({ identifier }) => memberIdOf(identifier)),
    )
    expect(genesis.recovery.threshold).toBe(3)
    for (const [i, { home }] of network.nodes.entries()) {
      const loaded = await loadNodeHome(home)
      expect(loaded.consensusKey?.publicKey).toEqual(genesis.validators[i]!.consensusKey)
      expect(loaded.config.peers.known).toHaveLength(3)
      expect(equalBytes(loaded.config.ledger, ledgerOf(genesis))).toBe(true)
    }
    const ports = network.nodes.flatMap(({ apiPort, peerPort }) => [apiPort, peerPort])
    expect(new Set(ports).size).toBe(8)
    expect((await stat(network.directory)).mode & 0o777).toBe(0o700)
  })

  it('is never created over something', async () => {
    const { directory: taken } = await create()
    await expect(createLocalNetwork({ directory: taken })).rejects.toEqual(failure('CONFIG_HOME_EXISTS'))
  })

  it('is created whole or not at all; what an interrupted creation left is removed by the next', async () => {
    const target = join(directory, 'interrupted')
    const abandoned = `${target}.creating-999999999-abcd`
    await mkdir(abandoned)
    const busy = createServer().listen({ host: '127.0.0.1', port: 0 })
    await new Promise((resolve) => busy.once('listening', resolve))
    const { port } = busy.address() as { port: number }
    await expect(createLocalNetwork({ directory: target, portBase: port })).rejects.toEqual(
      failure('CONFIG_NO_FREE_PORT'),
    )
    busy.close()
    expect((await readdir(directory)).filter((name) => name.startsWith('interrupted'))).toEqual([])
  })

  it('gets ports that are free, one after another', async () => {
    const ports = await freePorts('127.0.0.1', 4)
    expect(ports).toEqual([0, 1, 2, 3].map((i) => ports[0]! + i))
  })
})

describe('a node', () => {
  it('does not start from a genesis of which one byte differs', async () => {
    const network = await create()
    const text = await readFile(network.genesisPath, 'utf8')
    const { home } = network.nodes[0]!
    await writeFile(network.genesisPath, text.replace('"tallystick-local"', '"tallystick-locaL"'))
    await expect(loadNodeHome(home)).rejects.toEqual(failure('GENESIS_CORRUPTED'))
    await writeFile(network.genesisPath, `${text} `)
    await expect(loadNodeHome(home)).rejects.toEqual(failure('GENESIS_MALFORMED'))
    await writeFile(network.genesisPath, text.slice(0, -20))
    await expect(loadNodeHome(home)).rejects.toEqual(failure('GENESIS_MALFORMED'))
    await rm(network.genesisPath)
    await expect(loadNodeHome(home)).rejects.toEqual(failure('GENESIS_MISSING'))
  })

  it('names every wrong field of its configuration', async () => {
    const { home } = (await create()).nodes[0]!
    await edit(home, (file: Record<string, unknown>) => {
      file.ledger = 'ABC'
      ;(file.api as { listen: { port: number } }).listen.port = 70_000
      file.surplus = true
    })
    await expect(loadNodeHome(home)).rejects.toEqual(failure('CONFIG_INVALID'))
    await expect(loadNodeHome(home)).rejects.toThrow(
      /\/surplus.*\/ledger.*\/api\/listen\/port|\/ledger.*\/api\/listen\/port/s,
    )
    await writeFile(join(home, 'node.json'), '{')
    await expect(loadNodeHome(home)).rejects.toEqual(failure('CONFIG_INVALID'))
    await expect(loadNodeHome(join(home, 'nowhere'))).rejects.toEqual(failure('CONFIG_MISSING'))
  })

  it('fills in what its configuration leaves out', async () => {
    const { home } = (await create()).nodes[0]!
    await edit(home, (file: Record<string, unknown>) => {
      const listen = (file.api as { listen: unknown }).listen
      file.api = { listen }
      delete file.storage
    })
    const { config } = await loadNodeHome(home)
    expect(config.api.limits).toEqual({})
    expect(config.api.allowedOrigins).toEqual([])
    expect(config.storage.directory).toBe(join(home, 'data'))
    expect(config.api.tls).toBeUndefined()
  })

  it('serves plain HTTP on the loopback interface only', async () => {
    const { home } = (await create()).nodes[0]!
    await edit(home, (file: Record<string, unknown>) => {
      ;(file.api as { listen: { host: string } }).listen.host = '0.0.0.0'
    })
    await expect(loadNodeHome(home)).rejects.toEqual(failure('CONFIG_INVALID'))
  })

  it("votes only with the key that the genesis gives it, under that validator's node key", async () => {
    const network = await create()
    const [first, second] = network.nodes
    await edit(first!.home, (file: Record<string, unknown>) => {
      ;(file.keys as { consensus: string }).consensus = join(second!.home, 'keys/consensus.json')
    })
    await expect(loadNodeHome(first!.home)).rejects.toEqual(failure('CONFIG_KEY_NOT_IN_GENESIS'))
    const stranger = await create()
    await edit(second!.home, (file: Record<string, unknown>) => {
      ;(file.keys as { consensus: string }).consensus = join(stranger.nodes[0]!.home, 'keys/consensus.json')
    })
    await expect(loadNodeHome(second!.home)).rejects.toEqual(failure('CONFIG_KEY_NOT_IN_GENESIS'))
  })

  it('follows only, where its configuration has no consensus key', async () => {
    const { home } = (await create()).nodes[0]!
    await edit(home, (file: Record<string, unknown>) => {
      delete (file.keys as { consensus?: string }).consensus
    })
    expect((await loadNodeHome(home)).consensusKey).toBeUndefined()
  })
})
