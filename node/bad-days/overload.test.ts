import { afterEach, describe, expect, test } from 'vitest'
import { isBuilt } from '../testing/node-process.ts'
import { BadNetwork, until, validators } from './testing/bad-network.ts'
import { OfferedLoad } from './testing/offered-load.ts'
import { PreparedPayments, preparedOne } from './testing/prepared-payments.ts'
import { MemoryPeak, processorMs } from './testing/process-figures.ts'
import { expectPromisesKept } from './testing/promises-kept.ts'

/** How long ten times the capacity is offered. */
const overloadMs = 1_000 * Number(process.env.BAD_DAYS_OVERLOAD_SECONDS ?? 10)
/** Of the throughput before: a short run on a busy machine shows that it goes on, a minute that it stays. */
const throughputShareMin = overloadMs >= 60_000 ? 0.8 : 1 / 3
const calmMs = 4_000
const paymentsPerRequest = 64
const payers = 16
/** Of one node: some 150 MiB when idle, and the limits of bodies, pool and batches. */
const memoryMibMax = 800
/** A transaction is taken up to two seconds before its end. */
const shortMs = 3_500
const shortEveryMs = 100
const shortPayments = 40
const refusedRequests = 800
const backlogSeconds = 6
const preparedPayments = 8_000
/** One signature; a refusal that cost as much would be no relief. */
const verificationMicroseconds = 54

const at = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.floor(share * sorted.length)] ?? 0)

function percentilesOf(values: readonly number[]): Readonly<Record<string, number>> {
  const sorted = values.toSorted((a, b) => a - b)
  return { p50: at(sorted, 0.5), p99: at(sorted, 0.99) }
}

describe.skipIf(!isBuilt || process.platform !== 'linux')('overload', () => {
  let network: BadNetwork
  afterEach(() => network?.end())

  const executed = (): Promise<number> => network.metric(0, 'tallystick_transactions_executed_total')
  async function perSecond(work: () => Promise<void>): Promise<number> {
    const [startMs, before] = [performance.now(), await executed()]
    await work()
    return ((await executed()) - before) / ((performance.now() - startMs) / 1_000)
  }

  const pids = (): number[] => network.processes.map((process) => process!.pid)

  /** The middle time of a few single payments, one after the other, milliseconds. */
  async function paymentMs(load: OfferedLoad): Promise<number> {
    const times: number[] = []
    for (const index of [...validators, ...validators]) {
      const payment = await preparedOne(network.book, 300_000)
      const startMs = performance.now()
      await until('a payment to be taken', () => load.submit(payment, index))
      await until('a payment to be executed', () => load.executed(payment, index))
      times.push(performance.now() - startMs)
    }
    return percentilesOf(times).p50!
  }

  /** Offers payments that are valid for a moment, one by one, until it is stopped. */
  function offerShort(load: OfferedLoad): () => Promise<void> {
    let stopping = false
    const offer = async (): Promise<void> => {
      for (let count = 0; !stopping; count++) {
        await load.submit(await preparedOne(network.book, shortMs), count % validators.length)
        await new Promise((resolve) => setTimeout(resolve, shortEveryMs))
      }
    }
    const offered = offer()
    return () => {
      stopping = true
      return offered
    }
  }

  /** The first validator's processor time for each of so many refused requests, microseconds. */
  async function refusalMicroseconds(refuse: () => Promise<boolean>): Promise<number> {
    const before = await processorMs(pids()[0]!)
    for (let sent = 0; sent < refusedRequests; sent += payers) {
      const answers = await Promise.all(Array.from({ length: payers }, refuse))
      expect(answers).not.toContain(true)
    }
    return (1_000 * ((await processorMs(pids()[0]!)) - before)) / refusedRequests
  }

  /**
   * Fills the queue of the first validator while no quorum is there, so that it refuses all.
   * @returns how many payments it took whose validity ends before a quorum is back; what a refusal costs it, microseconds.
   */
  async function withoutQuorum(load: OfferedLoad, payments: PreparedPayments) {
    const stopped = pids().slice(2)
    const offer = async (): Promise<boolean> => {
      const request = await payments.takeOrMake()
      const isLookedAt = await load.submit(request, 0)
      if (!isLookedAt) payments.giveBack(request)
      return isLookedAt
    }
    for (const pid of stopped) process.kill(pid, 'SIGSTOP')
    try {
      // No quorum holds these before the others go on, and then their time is over: no block can list them as valid.
      const before = load.received.length
      const short = await Promise.all(
        Array.from({ length: shortPayments }, () => preparedOne(network.book, 2 * shortMs)),
      )
      await Promise.all(short.map((payment) => load.submit(payment, 0)))
      const mustExpire = load.received.length - before
      while (await offer());
      const oneMicroseconds = await refusalMicroseconds(() => load.submit(short[0]!, 0))
      const listMicroseconds = await refusalMicroseconds(offer)
      const endMs = Math.max(...short.map(({ validUntilMs }) => validUntilMs))
      await until('the end of the short payments', () => Date.now() > endMs)
      return { mustExpire, oneMicroseconds, listMicroseconds }
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT')
    }
  }

  test('ten times the capacity: refused by code, nothing lost of what is received, and afterwards all is as before', async () => {
    network = await BadNetwork.start()
    const load = new OfferedLoad(network)
    const payments = new PreparedPayments(network.book, paymentsPerRequest)
    await payments.fill(preparedPayments)
    await load.closedLoop(payments, payers, calmMs / 2)
    const idleMs = await paymentMs(load)
    const capacity = await perSecond(() => load.closedLoop(payments, payers, calmMs))
    // What becomes final meanwhile, and what may wait in the end.
    await payments.fill(capacity * (overloadMs / 1_000 + backlogSeconds) + preparedPayments)

    const memory = new MemoryPeak(pids())
    const stopShort = offerShort(load)
    const throughput = await perSecond(() => load.openLoop(payments, 10 * capacity, overloadMs))
    await stopShort()
    const memoryMib = memory.stop()
    await until('single payments to be as quick as before', async () => (await paymentMs(load)) < 5 * idleMs + 500)
    const { mustExpire, ...refusal } = await withoutQuorum(load, payments)

    const { received, counts, faults, answerMs } = load
    const kept = await expectPromisesKept(network, received)
    const figures = { capacity, throughput, idleMs, memoryMib, mustExpire, ...refusal, ...counts, ...kept }
    const percentiles = { received: percentilesOf(answerMs.received), refused: percentilesOf(answerMs.refused) }
    process.stdout.write(`overload: ${JSON.stringify({ ...figures, answerMs: percentiles })}\n`)
    expect(faults).toEqual([])
    expect(counts).toMatchObject({ MEMPOOL_FULL: expect.any(Number), received: received.length })
    expect(throughput).toBeGreaterThan(throughputShareMin * capacity)
    expect(memoryMib).toBeLessThan(memoryMibMax)
    expect(mustExpire).toBeGreaterThan(0)
    expect(kept.expired).toBeGreaterThanOrEqual(mustExpire)
    expect(refusal.listMicroseconds).toBeLessThan(paymentsPerRequest * verificationMicroseconds)
    await network.expectSameChain()
    // What was refused was not paid either.
    expect(await network.book.paid(network.client())).toBe(kept.executed)
  }, 900_000)
})
