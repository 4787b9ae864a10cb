import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@tallystick/client'
import { readLocalNetwork } from '@tallystick/node/config'
import { readAddressBook } from '../address-book/address-book.ts'
import { assetsOfCodes } from '../ledger/assets.ts'
import { isRunning, signalProcess } from '../network/process-identity.ts'
import { readRunState } from '../network/run-state.ts'
import { tallystick } from './command.ts'

export const currencies = ['EUR', 'USD', 'CHF', 'GBP', 'JPY']

/** A folder with a `.tallystick` of its own; `remove` also ends what its network left running. */
export async function temporaryHome(): Promise<{ cwd: string; home: string; remove: () => Promise<void> }> {
  const cwd = await mkdtemp(join(tmpdir(), 'tallystick-e2e-'))
  const home = join(cwd, '.tallystick')
  const remove = async (): Promise<void> => {
    for (const node of (await readRunState(home))?.nodes ?? []) signalProcess(node, 'SIGKILL')
    await rm(cwd, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  return { cwd, home, remove }
}

/** Whether a process of the home's last start still runs. */
export async function isAnythingRunning(home: string): Promise<boolean> {
  return ((await readRunState(home))?.nodes ?? []).some(isRunning)
}

/** The balance of every account of the address book in every currency, proven; the network is started for it. */
export async function balancesOf(cwd: string, home: string): Promise<Record<string, bigint>> {
  const started = await tallystick(cwd, 'network', 'start')
  if (started.exit !== 0) throw new Error(started.errors)
  try {
    const network = await readLocalNetwork(home)
    const client = createClient({
      nodes: network.nodes.map(({ apiUrl }) => apiUrl),
      genesis: await readFile(network.genesisPath, 'utf8'),
    })
    const assets = [...(await assetsOfCodes(client, currencies)).values()]
    const book = await readAddressBook(home, 'test')
    const balances: Record<string, bigint> = {}
    for (const { account, id } of book.entries) {
      const lookups = assets.map((asset) => ({ key: { kind: 'position', account: id, asset: asset.id } as const }))
      const positions = await Promise.all(lookups.map(({ key }) => client.verifiedPosition(key.account, key.asset)))
      for (const [i, { value }] of positions.entries()) {
        if (value !== undefined) balances[`${account} ${assets[i]!.code}`] = value.creditsPosted - value.debitsPosted
      }
    }
    return balances
  } finally {
    await tallystick(cwd, 'network', 'stop')
  }
}
