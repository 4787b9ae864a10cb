import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isBuilt } from '../testing/node-process.ts'
import { BadNetwork, validators } from './testing/bad-network.ts'
import { CrashingValidator } from './testing/crashing-validator.ts'
import { Load } from './testing/load.ts'
import { PlainTransfers } from './testing/plain-transfers.ts'
import { expectSameAnswers } from './testing/same-answers.ts'

const victim = 3
const others = [0, 1, 2]

/** Points in the order in which one validator dies at them: each start recovers from the crash before. A number: at which call. */
type Points = readonly (string | readonly [string, number])[]

const groups: Readonly<Record<string, Points>> = {
  'its first start': [
    'new-blocks write torn',
    'new-batches rename before',
    'new-journal write torn',
    'new-results rename before',
    'new-state write torn',
    'results write torn',
    'state write before',
    'index write torn',
    'keys-used write torn',
    'keys-used delete before',
    'keys-used delete after',
    'keys-used sync after',
    'keys-used rename before',
    'keys-used rename after',
    'reservation write torn',
  ],
  'the state log': [
    'state sync after',
    'state delete before',
    'state delete after',
    'index sync after',
    'new-state write torn',
    'new-state delete after',
    'new-state rename before',
    'new-state rename after',
    ['state write before', 3],
    ['state write torn', 3],
    'state cut before',
    'state cut after',
    ['state write after', 3],
    ['state write lost', 8],
    'results delete before',
  ],
  'results log and index': [
    ['results write before', 3],
    ['results write torn', 3],
    'results cut before',
    'results cut after',
    ['results write after', 3],
    ['results write lost', 5],
    'results sync after',
    'new-results write torn',
    'new-results delete after',
    'new-results rename before',
    'new-results rename after',
    ['index write before', 3],
    ['index write torn', 3],
    ['index write after', 3],
  ],
  'the journal': [
    ['journal write before', 5],
    ['journal write torn', 5],
    ['journal write after', 5],
    ['journal write lost', 5],
    ['journal sync after', 5],
    'new-journal write torn',
    'new-journal delete after',
    'new-journal sync after',
    'new-journal rename after',
    'journal delete before',
    'journal delete after',
  ],
  'the batches': [
    ['batches write before', 3],
    ['batches write torn', 3],
    'batches cut before',
    'batches cut after',
    'batches rewrite torn',
    ['batches write after', 3],
    ['batches write lost', 3],
    ['batches sync after', 4],
    'new-batches write torn',
    'new-batches delete after',
    'new-batches sync after',
    'new-batches rename after',
    'batches delete before',
    'batches delete after',
  ],
  'the blocks': [
    ['blocks write before', 3],
    ['blocks write torn', 3],
    'blocks cut before',
    'blocks cut after',
    'blocks rewrite torn',
    ['blocks write after', 3],
    ['blocks write lost', 3],
    ['blocks sync after', 4],
    'new-blocks write torn',
    'new-blocks delete after',
    'new-blocks sync after',
    'new-blocks rename after',
    'heights write torn',
    'heights delete after',
    'heights sync after',
    'heights rename before',
    'heights rename after',
  ],
  'the reservation': [
    'reservation write torn',
    'reservation delete before',
    'reservation delete after',
    'reservation sync after',
    'reservation rename before',
    'reservation rename after',
    'folder sync after',
  ],
}

describe.skipIf(!isBuilt)('a validator that dies where it writes', () => {
  let network: BadNetwork
  let validator: CrashingValidator
  beforeAll(async () => {
    network = await BadNetwork.create()
    validator = new CrashingValidator(network, victim)
    await Promise.all(others.map((index) => network.start(index)))
    await network.book.open(network.client())
  }, 120_000)
  afterAll(() => network?.end())

  test.each(Object.entries(groups))(
    '%s',
    async (name, points) => {
      const paidBefore = await network.book.paid(network.client())
      const load = new Load(network, name, validators, { payers: 2, pauseMs: 200 })
      const plain = new PlainTransfers(network, others)
      try {
        for (const point of points) {
          const [at, nth] = typeof point === 'string' ? [point, 1] : point
          await validator.dieAt(at, nth)
          await plain.begin()
        }
        await validator.recover()
      } finally {
        await load.stop()
      }
      await plain.proven()
      await load.expectAllKept({ otherPayments: paidBefore + plain.ids.length })
      await expectSameAnswers(network, [victim, 0], [...load.acknowledged.map(({ id }) => id), ...plain.ids])
      for (const index of others) expect(await network.metric(index, 'tallystick_consensus_evidence_found')).toBe(0)
      await network.kill(victim)
    },
    300_000,
  )

  test('has died at every place where it writes', async () => {
    const died = Object.values(groups)
      .flat()
      .map((point) => (typeof point === 'string' ? point : point[0]))
    const places = new Set(died.map((point) => point.slice(0, point.lastIndexOf(' '))))
    // That each point was reached is required above; here, that there is no place without one.
    expect((await validator.placesSeen()).filter((place) => !places.has(place))).toEqual([])
  })
})
