import { readFile } from 'node:fs/promises'
import { type Client, createClient } from '@tallystick/client'
import { type LocalNetwork, readGenesisFile } from '@tallystick/node/config'
import type { Context } from '../context.ts'
import { localNetworkOf } from '../network/local-home.ts'
import { readTextFile } from '../read-file.ts'

const genesisBytesMax = 64 * 1_048_576
/** A single node that is away is left out soon: the others answer. */
const singleRetryMs = 2_000

/** The ledger that a command works on. */
export interface Connection {
  readonly client: Client
  /** All that is trusted. */
  readonly genesisText: string
  readonly urls: readonly string[]
  /** One client per node, for questions where one node's word is not enough. */
  readonly eachNode: readonly Client[]
  /** `undefined` where nodes and genesis were named. */
  readonly network: LocalNetwork | undefined
}

/** How long a call goes on trying where no node answers: a person waits, or a long job rides out an outage. */
const retryMs = { prompt: 5_000, patient: 60_000 } as const

/** Genesis and nodes that were named, else those of the home. Asks no node yet. */
export async function connect(context: Context, patience: keyof typeof retryMs = 'prompt'): Promise<Connection> {
  const { nodes, genesis } = context
  const network = nodes !== undefined && genesis !== undefined ? undefined : await localNetworkOf(context.home)
  const genesisText = await genesisTextOf(genesis, network)
  const urls = nodes ?? network?.nodes.map(({ apiUrl }) => apiUrl) ?? []
  const single = (url: string): Client =>
    createClient({ nodes: [url], genesis: genesisText, retryTimeMs: singleRetryMs })
  const client = createClient({ nodes: urls, genesis: genesisText, retryTimeMs: retryMs[patience] })
  return { client, genesisText, urls, eachNode: urls.map(single), network }
}

async function genesisTextOf(named: string | undefined, network: LocalNetwork | undefined): Promise<string> {
  if (named !== undefined || network === undefined) return readTextFile(named ?? '', genesisBytesMax)
  await readGenesisFile(network.genesisPath, network.ledger)
  return readFile(network.genesisPath, 'utf8')
}
