import { afterEach, describe, expect, test } from 'vitest'
import { isBuilt } from '../testing/node-process.ts'
import { BadNetwork, until, validators } from './testing/bad-network.ts'
import { Load } from './testing/load.ts'
import { randomNumbers } from './testing/random-numbers.ts'

const killsOfAll = Number(process.env.BAD_DAYS_KILLS ?? 10)

describe.skipIf(!isBuilt)('kill -9', () => {
  let network: BadNetwork
  afterEach(() => network?.end())

  test('of any one: the others go on, and it catches up', async () => {
    network = await BadNetwork.start()
    const load = new Load(network, 'one')
    for (const index of validators) {
      await load.more(20)
      await network.kill(index)
      await load.more(20)
      await network.start(index)
    }
    await load.more(20)
    await load.stop()
    await load.expectAllKept()
  }, 120_000)

  test('of two: nothing becomes final, nothing forks, and work goes on when one is back', async () => {
    network = await BadNetwork.start()
    const load = new Load(network, 'two')
    await load.more(20)
    await Promise.all([network.kill(1), network.kill(3)])
    // What a quorum had finalized may still be on its way to the two that are left.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const heights = async (): Promise<number[]> =>
      Promise.all([0, 2].map(async (index) => (await network.status(index)).heights.final))
    const before = await heights()
    for (const index of [0, 2]) {
      const alarm = async () => (await network.status(index)).alarms.find(({ code }) => code === 'NO_FINALITY')?.detail
      await until('the alarm', async () => (await alarm()) !== undefined)
      expect(await alarm()).toMatch(/silent are node-2 \(since \d.*Z\), node-4 \(since \d.*Z\)$/)
      expect(network.processes[index]!.log()).toMatch(/alarm NO_FINALITY: nothing became final since/)
    }
    expect(await heights()).toEqual(before)
    await network.start(3)
    await load.more(20)
    await network.start(1)
    await load.more(20)
    await until('the end of the alarm', async () => (await network.status(0)).alarms.length === 0)
    await load.stop()
    await load.expectAllKept()
  }, 120_000)

  test(`of all four at random moments, ${killsOfAll} times in a row`, async () => {
    network = await BadNetwork.start()
    const random = randomNumbers()
    const load = new Load(network, 'all')
    for (let round = 0; round < killsOfAll; round++) {
      await new Promise((resolve) => setTimeout(resolve, random.below(2_500)))
      const inOneBlow = random.below(2) === 0
      const staggered = validators.map(async (index) => {
        if (!inOneBlow) await new Promise((resolve) => setTimeout(resolve, random.below(300)))
        await network.kill(index)
      })
      await Promise.all(staggered)
      await Promise.all(validators.map((index) => network.start(index)))
    }
    await load.more(20)
    await load.stop()
    await load.expectAllKept()
  }, 300_000)
})
