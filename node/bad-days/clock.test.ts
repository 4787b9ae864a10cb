import { fileURLToPath } from 'node:url'
import { validityWindowMs } from '@tallystick/core/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { isBuilt, type LaunchOptions, type NodeProcess } from '../testing/node-process.ts'
import { BadNetwork, until } from './testing/bad-network.ts'
import { Load } from './testing/load.ts'

const preload = [fileURLToPath(new URL('./testing/shift-clock.mjs', import.meta.url))]
const shifted = (minutes: number): LaunchOptions => ({
  preload,
  environment: { CLOCK_SHIFT_MS: String(minutes * 60_000) },
})
const victim = 3

describe.skipIf(!isBuilt)('a clock that is minutes off', () => {
  let network: BadNetwork
  afterEach(() => network?.end())

  const clockAlarm = async (index: number): Promise<string | undefined> =>
    (await network.status(index)).alarms.find(({ code }) => code === 'CLOCK_OFF')?.detail

  async function expectTold(process: NodeProcess, own: string, peers: string): Promise<void> {
    await until('the alarm of the node itself', async () => (await clockAlarm(victim)) !== undefined)
    expect(await clockAlarm(victim)).toMatch(new RegExp(`^the clock of this machine is ${own} those of `))
    expect(process.log()).toContain('alarm CLOCK_OFF: the clock of this machine')
    for (const index of [0, 1, 2]) {
      await until('the alarm of its peers', async () => (await clockAlarm(index)) !== undefined)
      expect(await clockAlarm(index)).toMatch(new RegExp(`^the clock of node-4 is ${peers} this machine's$`))
    }
  }

  test('may be two months ahead: its proposals wait, and the time of the ledger stays that of the others', async () => {
    network = await BadNetwork.start({ launch: { [victim]: shifted(60 * 24 * 60) } })
    const load = new Load(network, 'months', [0, 1, 2])
    await load.more(40)
    await load.stop()
    expect((await network.status(0)).finalTimeMs).toBeLessThan(Date.now() + 6_000)
    await load.expectAllKept()
  }, 180_000)

  test('is told by the node and by its peers, and the network goes on without it', async () => {
    network = await BadNetwork.start({ launch: { [victim]: shifted(5) } })
    const load = new Load(network, 'clock', [0, 1, 2])
    await load.more(30)
    await expectTold(network.processes[victim]!, '(299|300) s ahead of', '(299|300) s ahead of')
    // A client learns by a code that this node takes nothing: by its clock the payment is out of date.
    const late = network.client(victim, 'only').submit(await network.book.payment('late'))
    await expect(late).rejects.toMatchObject({ code: 'CLIENT_REFUSED', problem: { code: 'TX_EXPIRED' } })

    await network.kill(victim)
    const behind = await network.start(victim, shifted(-5))
    await load.more(30)
    await expectTold(behind, '(300|301) s behind', '(300|301) s behind')
    await network.book.pay(network.client(victim, 'only'), 'through the one that is behind')
    const early = network.client(victim, 'only').submit(await network.book.payment('early', validityWindowMs - 60_000))
    await expect(early).rejects.toMatchObject({ code: 'CLIENT_REFUSED', problem: { code: 'TX_VALIDITY_TOO_FAR' } })

    // It stops in the usual time, whatever it was waiting for by its clock.
    await network.stop(victim)
    await network.start(victim)
    await until('the end of the alarm', async () => {
      const told = await Promise.all([0, 1, 2, victim].map(clockAlarm))
      return told.every((detail) => detail === undefined)
    })
    await load.more(30)
    await load.stop()
    await load.expectAllKept({ otherPayments: 1 })
    for (const index of [0, 1, 2]) expect(await network.metric(index, 'tallystick_consensus_evidence_found')).toBe(0)
  }, 180_000)
})
