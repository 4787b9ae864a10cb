import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { toHex } from '@tallystick/core/codec'
import { type Genesis, ledgerOf, type Parameters } from '@tallystick/core/protocol'
import { createKey, type Key, syncDirectory, writeKeyFile } from '../keys/index.ts'
import { createGenesis } from './create-genesis.ts'
import { type DemoMember, demoMembers } from './demo-members.ts'
import { ConfigError } from './errors.ts'
import { freePorts } from './free-ports.ts'
import { genesisText } from './genesis-file.ts'
import { type LocalNetwork, type NetworkFile, networkFilePath, readLocalNetwork } from './network-file.ts'
import type { NodeConfigFile } from './node-config-form.ts'

const host = '127.0.0.1'
const stakePerValidator = 1_000n
/** All callers of a local network share one address. */
const localRequestsPerMinuteMax = 600_000

export interface LocalNetworkOptions {
  /** The network's folder, such as `.tallystick`. It must not exist. */
  readonly directory: string
  /** How many validators; they are given to the members in turn. */
  readonly validators?: number
  readonly name?: string
  /** Unix milliseconds of the genesis; now if not given. */
  readonly timeMs?: number
  /** The first of two ports a node; free ones are looked for if not given. */
  readonly portBase?: number
  readonly parameters?: Parameters
  readonly members?: readonly DemoMember[]
}

interface PlannedNode {
  readonly name: string
  readonly member: DemoMember
  readonly consensus: Key
  readonly node: Key
  readonly peerPort: number
  readonly apiPort: number
}

interface PlannedNetwork {
  readonly genesis: Genesis
  readonly nodes: readonly PlannedNode[]
  readonly members: readonly { readonly member: DemoMember; readonly key: Key; readonly recovery: Key }[]
}

async function plan(options: LocalNetworkOptions): Promise<PlannedNetwork> {
  const count = options.validators ?? 4
  const ports = await freePorts(host, count * 2, options.portBase)
  const members = (options.members ?? demoMembers).map((member) => ({
    member,
    key: createKey('member'),
    recovery: createKey('recovery'),
  }))
  const nodes = Array.from({ length: count }, (_, i): PlannedNode => {
    const { member } = members[i % members.length]!
    const [peerPort, apiPort] = [ports[2 * i]!, ports[2 * i + 1]!]
    return {
      name: `node-${i + 1}`,
      member,
      consensus: createKey('consensus'),
      node: createKey('node'),
      peerPort,
      apiPort,
    }
  })
  const genesis = createGenesis({
    network: 'test',
    name: options.name ?? 'tallystick-local',
    timeMs: options.timeMs ?? Date.now(),
    ...(options.parameters && { parameters: options.parameters }),
    members: members.map(({ member, key, recovery }) => ({
      ...member,
      publicKey: key.publicKey,
      recoveryKey: recovery.publicKey,
      validators: nodes
        .filter((node) => node.member === member)
        .map(({ consensus, node }) => ({
          consensusKey: consensus.publicKey,
          nodeKey: node.publicKey,
          stake: stakePerValidator,
        })),
    })),
  })
  return { genesis, nodes, members }
}

function nodeConfigOf(own: PlannedNode, { genesis, nodes }: PlannedNetwork): NodeConfigFile {
  const others = nodes.filter((node) => node !== own)
  return {
    version: 1,
    name: own.name,
    genesis: '../../genesis.json',
    ledger: toHex(ledgerOf(genesis)),
    keys: { node: 'keys/node.json', consensus: 'keys/consensus.json' },
    peers: {
      listen: { host, port: own.peerPort },
      known: others.map(({ name, node, peerPort }) => ({ name, nodeKey: toHex(node.publicKey), host, port: peerPort })),
    },
    api: {
      listen: { host, port: own.apiPort },
      allowedOrigins: [],
      allowedHosts: [],
      trustedProxies: [],
      limits: { requestsPerMinuteMax: localRequestsPerMinuteMax },
    },
    storage: { directory: 'data', cacheBytesMax: 64 * 1_048_576, archive: true },
  }
}

function networkFileOf({ genesis, nodes, members }: PlannedNetwork): NetworkFile {
  return {
    version: 1,
    name: genesis.name,
    ledger: toHex(ledgerOf(genesis)),
    createdMs: genesis.timeMs,
    host,
    genesis: 'genesis.json',
    nodes: nodes.map(({ name, member, peerPort, apiPort }) => ({
      name,
      member: member.slug,
      home: `nodes/${name}`,
      apiPort,
      peerPort,
    })),
    members: members.map(({ member: { slug, identifier, name, roles } }) => ({
      slug,
      identifier,
      name,
      roles: [...roles],
      key: `keys/members/${slug}.json`,
    })),
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

async function writeSynced(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flush: true })
}

async function writeNetwork(root: string, planned: PlannedNetwork): Promise<void> {
  await writeSynced(join(root, 'genesis.json'), genesisText(planned.genesis))
  for (const { member, key, recovery } of planned.members) {
    await writeKeyFile(join(root, 'keys', 'members', `${member.slug}.json`), key)
    await writeKeyFile(join(root, 'keys', 'recovery', `${member.slug}.json`), recovery)
  }
  for (const node of planned.nodes) {
    const home = join(root, 'nodes', node.name)
    await writeKeyFile(join(home, 'keys', 'node.json'), node.node)
    await writeKeyFile(join(home, 'keys', 'consensus.json'), node.consensus)
    await writeSynced(join(home, 'node.json'), json(nodeConfigOf(node, planned)))
  }
  await writeSynced(networkFilePath(root), json(networkFileOf(planned)))
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

const draftMark = '.creating-'

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes what an interrupted creation of the same folder left; a creation that still runs is left alone. */
async function removeAbandonedDrafts(directory: string): Promise<void> {
  const prefix = basename(directory) + draftMark
  for (const name of await readdir(dirname(directory))) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(name.slice(prefix.length).split('-', 1)[0])
    if (Number.isSafeInteger(pid) && pid > 0 && !isAlive(pid)) {
      await rm(join(dirname(directory), name), { recursive: true, force: true })
    }
  }
}

/**
 * Creates a network for one machine: genesis, members' keys, and a home with keys and ports for each validator. It is
 * made beside the folder and moved there as a whole, so an interrupted creation leaves no half-made network.
 * @throws {ConfigError} CONFIG_HOME_EXISTS, CONFIG_NO_FREE_PORT
 */
export async function createLocalNetwork(options: LocalNetworkOptions): Promise<LocalNetwork> {
  const directory = resolve(options.directory)
  const refuse = (): ConfigError => new ConfigError('CONFIG_HOME_EXISTS', directory, 'there is something already')
  if (await exists(directory)) throw refuse()
  await mkdir(dirname(directory), { recursive: true })
  await removeAbandonedDrafts(directory)
  const draft = `${directory}${draftMark}${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await mkdir(draft, { mode: 0o700 })
    await writeNetwork(draft, await plan(options))
    await rename(draft, directory).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOTEMPTY' || error.code === 'EEXIST' ? refuse() : error
    })
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
  await syncDirectory(dirname(directory))
  return readLocalNetwork(directory)
}
