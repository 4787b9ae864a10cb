import { HeightWatch } from '../load/heights.mjs'
import { openLoop } from '../load/open-loop.mjs'
import { provenOutcomes, untilQuiet } from '../load/outcomes.mjs'
import { percentilesOf } from './percentiles.mjs'

/** How finely heights are watched: an error of each latency, upwards. */
const heightsEveryMs = 15
const requestsPerSecond = 100
const perRequestMax = 256
/** After overload the queues of all nodes have to be worked off. */
const quietMaxMs = 300_000

/**
 * Single transfers at a fixed rate for some seconds; then every one that was taken must become proven and OK.
 * @returns counts and rates, and the latencies of all that were taken, from when each was due
 */
export async function runOpen(bench, { perSecond, seconds }) {
  const { network, packer, asset, accounts } = bench
  const perRequest = Math.min(perRequestMax, Math.max(1, Math.round(perSecond / requestsPerSecond)))
  const requests = await packer.singles({ asset, accounts, count: perSecond * seconds, perRequest })
  const heights = new HeightWatch(network.apis[0], heightsEveryMs)
  const loop = await openLoop({ apis: network.apis, requests, perSecond })
  await untilQuiet(network, quietMaxMs)
  await heights.stop()
  const outcomes = await provenOutcomes(network, loop.sent)
  const [final, proven, blocks] = [[], [], []]
  let inTime = 0
  for (const { height, request } of outcomes) {
    const provenMs = heights.timeOf(height, 'proven')
    final.push(heights.timeOf(height, 'final') - request.dueMs)
    proven.push(provenMs - request.dueMs)
    blocks.push(heights.finalAfter(height, 'proven') - height)
    if (provenMs <= loop.endMs) inTime++
  }
  const tookSeconds = (loop.endMs - loop.startMs) / 1_000
  return {
    offeredPerSecond: perSecond,
    sentPerSecond: (loop.taken + loop.refused) / tookSeconds,
    acceptedPerSecond: loop.taken / tookSeconds,
    provenPerSecond: inTime / tookSeconds,
    accepted: loop.taken,
    refused: loop.refused,
    notSent: loop.unsent,
    refusals: loop.codes,
    answerMs: percentilesOf(loop.answerMs),
    finalMs: percentilesOf(final),
    provenMs: percentilesOf(proven),
    blocksToProven: percentilesOf(blocks),
  }
}
