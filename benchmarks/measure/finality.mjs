import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../load/random.mjs'
import { lastIdOf, submit } from '../load/submit.mjs'
import { runOpen } from './open-run.mjs'
import { percentilesOf } from './percentiles.mjs'

const idleTransactions = 60
const idleTransactionsQuick = 5
const pauseMinMs = 100
const pauseSpreadMs = 700
const waitMaxMs = 30_000

/** Single transactions, one after another with random pauses, each to the next node. */
async function whenIdle({ network, packer, asset, accounts, options, run }) {
  const count = options.quick ? idleTransactionsQuick : idleTransactions
  const requests = await packer.singles({ asset, accounts, count, perRequest: 1 })
  const random = new Random(run.runSeed)
  const [final, proven, blocks] = [[], [], []]
  for (const [i, request] of requests.entries()) {
    await delay(pauseMinMs + random.below(pauseSpreadMs))
    const api = network.apis[i % network.apis.length]
    const start = performance.now()
    const { refused, code } = await submit(api, request)
    if (refused > 0) throw new Error(`an idle node refused a transaction: ${code}`)
    const [ordered] = await api.statuses([lastIdOf(request)], 'final', waitMaxMs)
    final.push(performance.now() - start)
    const [{ status, result }] = await api.statuses([lastIdOf(request)], 'proven', waitMaxMs)
    proven.push(performance.now() - start)
    if (status !== 'proven' || result !== 'OK') throw new Error(`a single transaction is ${status} ${result}`)
    const { heights } = await api.getJson('/v1/status')
    blocks.push(heights.final - ordered.height)
  }
  return { finalMs: percentilesOf(final), provenMs: percentilesOf(proven), blocksToProven: percentilesOf(blocks) }
}

/** @param reached - Transfers per second at full load. */
export async function measureFinality(bench, reached) {
  const { options, say } = bench
  const idle = await whenIdle(bench)
  say(`finality when idle: p50 ${idle.finalMs.p50.toFixed(0)} ms`)
  const seconds = Math.min(options.seconds, 30)
  const halfLoad = await runOpen(bench, { perSecond: Math.max(1, Math.round(reached / 2)), seconds })
  say(`finality at half load: p50 ${halfLoad.finalMs.p50.toFixed(0)} ms`)
  return { idle, halfLoad }
}
