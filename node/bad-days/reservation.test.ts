import { rename } from 'node:fs/promises'
import { decodeJsonText } from '@tallystick/core/codec'
import { genesis as genesisCodec, ledgerOf } from '@tallystick/core/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { openReservation } from '../storage/index.ts'
import { isBuilt } from '../testing/node-process.ts'
import { BadNetwork, until } from './testing/bad-network.ts'
import { Load } from './testing/load.ts'

const victim = 3
const away = 0

describe.skipIf(!isBuilt)('a lost journal', () => {
  let network: BadNetwork
  afterEach(() => network?.end())

  test('binds the key up to its reservation: no quorum has its vote before, and above it one has again', async () => {
    network = await BadNetwork.start()
    const load = new Load(network, 'reserved', [1, 2])
    await load.more(20)
    await network.kill(victim)
    await rename(network.data(victim, 'journal'), network.data(victim, 'journal-aside'))
    const ledger = ledgerOf(decodeJsonText(genesisCodec, network.genesisText))
    const reserved = (await openReservation(network.data(victim, 'reservation'), ledger)).read()!.view

    const { log } = await network.start(victim)
    expect(log()).toContain('alarm JOURNAL_LOST')
    const bound = `alarm CONSENSUS_JOURNAL_DAMAGED: the journal is damaged: nothing is signed in views up to ${reserved}`
    await until('the alarm that names the views', () => log().includes(bound))
    await network.book.pay(network.client(victim, 'only'), 'follows')

    // Three are a quorum only with its vote: without it nothing becomes final.
    await network.kill(away)
    const viewNow = async (): Promise<number> => (await network.status(victim)).view
    const alarm = async () => (await network.status(1)).alarms.some(({ code }) => code === 'NO_FINALITY')
    await until('a stall', alarm)
    expect(await viewNow()).toBeLessThanOrEqual(reserved)
    await network.start(away)

    await until('the views above the reservation', async () => (await viewNow()) > reserved, 200_000)
    await network.kill(away)
    await load.more(20)
    await network.start(away)
    await load.stop()
    await load.expectAllKept({ otherPayments: 1 })
    for (const index of [0, 1, 2]) expect(await network.metric(index, 'tallystick_consensus_evidence_found')).toBe(0)
  }, 400_000)
})
