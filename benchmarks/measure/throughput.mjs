import { setTimeout as delay } from 'node:timers/promises'
import { checkAgreement } from '../load/agreement.mjs'
import { closedLoop } from '../load/closed-loop.mjs'
import { HeightWatch } from '../load/heights.mjs'
import { provenOutcomes, untilQuiet } from '../load/outcomes.mjs'
import { observe } from './window.mjs'

const heightsEveryMs = 50
/** Before the window opens the queues fill; it is part of no figure. */
const rampMs = 1_500
/** Some blocks are empty and only carry the proof of others. */
const blocksMin = 4
const blocksMaxMs = 30_000

/** The clock that all processes of a machine share, and profiles are stamped with. */
export const monotonicUs = () => Number(process.hrtime.bigint() / 1_000n)

/** The end of a window: after its time, and not before some blocks were proven in it, however slow the machine is. */
async function windowEnd(heights, openMs, seconds) {
  await delay(seconds * 1_000)
  const deadline = performance.now() + blocksMaxMs
  while (performance.now() < deadline) {
    const from = heights.seenFrom(openMs)
    if (from !== undefined && heights.lastBefore(performance.now()).proven >= from.proven + blocksMin) return
    await delay(heightsEveryMs)
  }
}

function nothingProven(dry) {
  const why = dry ? 'the prepared transactions ran out too soon' : 'make it longer'
  return new Error(`nothing became proven within the window: ${why}`)
}

/** Transfers of the requests that were proven between two sights of the chain. */
function provenBetween(outcomes, from, to) {
  let transfers = 0
  for (const { height, request } of outcomes) {
    if (height > from.proven && height <= to.proven) transfers += request.transfers
  }
  return transfers
}

/**
 * One run at full load: what became proven between the first sight of the chain in the window and the last, by the heights
 * at which all transactions of the run stand afterwards.
 */
export async function runFullLoad(bench, { makeLanes, stage, seconds }) {
  const { network } = bench
  const heights = new HeightWatch(network.apis[0], heightsEveryMs)
  const observed = observe(bench)
  let isOver = false
  const loop = closedLoop({ lanes: makeLanes(), stage, isOver: () => isOver })
  loop.catch(() => {})
  await Promise.race([loop, delay(rampMs)])
  await observed.open()
  const [openMs, openUs] = [performance.now(), monotonicUs()]
  await Promise.race([loop, windowEnd(heights, openMs, seconds)])
  const [closeMs, closeUs] = [performance.now(), monotonicUs()]
  const { executed, costs } = await observed.close()
  isOver = true
  const { sent, refusals, dry } = await loop
  await untilQuiet(network)
  await heights.stop()

  const [from, to] = [heights.seenFrom(openMs), heights.lastBefore(closeMs)]
  if (from === undefined) throw nothingProven(dry)
  const outcomes = await provenOutcomes(network, sent)
  const transfers = provenBetween(outcomes, from, to)
  const tookSeconds = (to.atMs - from.atMs) / 1_000
  if (!(tookSeconds > 0) || transfers === 0) throw nothingProven(dry)
  const verifiedReceipts = await checkAgreement(network, bench.genesisText, outcomes)
  return {
    transfersPerSecond: transfers / tookSeconds,
    transfers,
    seconds: tookSeconds,
    blocks: to.proven - from.proven,
    submitted: outcomes.length,
    executedPerSecondByCounter: (Math.min(...executed) / ((closeMs - openMs) / 1_000)) * sent[0].transfers,
    refusals,
    suppliedEnough: !dry,
    verifiedReceipts,
    costs: costs(transfers),
    openUs,
    closeUs,
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** How much more than the last rate is prepared for a run, since signing within it would take the nodes' time. */
const supplyFactor = 1.6

/**
 * A warm-up and then the runs; each is supplied by what the one before reached.
 * @param prepare - (count of transfers) → a function that makes the lanes
 */
export async function medianOfRuns(bench, { name, prepare, stage, firstGuess }) {
  const { options, say } = bench
  const run = async (label, seconds, expected) => {
    const started = performance.now()
    const makeLanes = await prepare(Math.ceil(expected * (seconds + rampMs / 1_000) * supplyFactor))
    const signedSeconds = (performance.now() - started) / 1_000
    const { openUs: _, closeUs: __, ...result } = await runFullLoad(bench, { makeLanes, stage, seconds })
    say(
      `${name}, ${label}: ${Math.round(result.transfersPerSecond)} a second (prepared in ${signedSeconds.toFixed(1)} s)`,
    )
    if (!result.suppliedEnough) say(`${name}, ${label}: the prepared transactions ran out`)
    return result
  }
  const { transfersPerSecond: warm } = await run('warm-up', options.warmUpSeconds, firstGuess)
  let expected = Math.max(warm, firstGuess / 4)
  const runs = []
  for (let i = 0; i < options.runs; i++) {
    runs.push(await run(`run ${i + 1} of ${options.runs}`, options.seconds, expected))
    expected = Math.max(expected, runs.at(-1).transfersPerSecond)
  }
  const rate = median(runs.map(({ transfersPerSecond }) => transfersPerSecond))
  // Where there was nothing more to send, the nodes' time counts and nothing came of it.
  const busy = runs.filter(({ suppliedEnough }) => suppliedEnough)
  const nearest = (busy.length > 0 ? busy : runs).toSorted(
    (a, b) => Math.abs(a.transfersPerSecond - rate) - Math.abs(b.transfersPerSecond - rate),
  )[0]
  return { transfersPerSecond: rate, runs: runs.map(({ costs: _, ...rest }) => rest), costs: nearest.costs }
}
