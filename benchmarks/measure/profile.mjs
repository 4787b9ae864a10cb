import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debtorLanes, sharedLanes } from '../load/closed-loop.mjs'
import { nameThreads } from '../machine/processes.mjs'
import { runOpen } from './open-run.mjs'
import { monotonicUs, runFullLoad } from './throughput.mjs'

const load = { lanesPerNode: 16, perRequest: 128 }
const quickLoad = { lanesPerNode: 2, perRequest: 8 }
/** Transfers a second that are prepared: more than any run with profilers takes. */
const prepared = { singles: 8_000, packed: 30_000 }
const quickPrepared = { singles: 400, packed: 4_000 }
const secondsMax = 20
const sampleUs = 500
const shownMax = 25

/** The stage that a function belongs to: the folder of its source, the package, or the part of Node. */
function stageOf({ url, functionName }) {
  if (functionName.startsWith('(')) return functionName
  const dependency = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)
  if (dependency !== null) return dependency[1]
  const own = /\/(core|node|client|cli)\/dist\/(?:([^/]+)\/)?/.exec(url)
  if (own !== null) return own[2] === undefined ? own[1] : `${own[1]}/${own[2]}`
  return url.startsWith('node:') ? url.split('/').slice(0, 2).join('/') : 'native code of Node'
}

const add = (map, key, us) => map.set(key, (map.get(key) ?? 0) + us)

/** Adds the self-times of a profile within a window of the monotonic clock. */
function addProfile(sums, { nodes, samples, timeDeltas, startTime }, fromUs, toUs) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  let atUs = startTime
  for (const [i, id] of samples.entries()) {
    atUs += timeDeltas[i]
    if (atUs < fromUs || atUs > toUs) continue
    const frame = frames.get(id)
    // The time until the next sample belongs to this one.
    const us = Math.max(0, timeDeltas[i + 1] ?? 0)
    add(sums.stages, stageOf(frame), us)
    add(
      sums.functions,
      `${frame.functionName || '(anonymous)'}  ${stageOf(frame)}  ${frame.url.split('/').at(-1)}:${frame.lineNumber + 1}`,
      us,
    )
  }
}

function linesOf(sums, transfers) {
  const busy = [...sums.stages].filter(([stage]) => stage !== '(idle)').reduce((sum, [, us]) => sum + us, 0)
  const line = ([name, us]) =>
    `${(us / transfers).toFixed(2).padStart(9)} µs ${((100 * us) / busy).toFixed(1).padStart(5)} %  ${name}`
  const top = (map) =>
    [...map]
      .filter(([name]) => !name.startsWith('(idle)'))
      .sort((a, b) => b[1] - a[1])
      .slice(0, shownMax)
      .map(line)
  return [
    `busy ${(busy / transfers).toFixed(1)} µs of wall time a transfer`,
    '',
    'by stage',
    ...top(sums.stages),
    '',
    'by function, self time',
    ...top(sums.functions),
  ]
}

/** One run; the profile of its window is to be found in the files that the nodes write when they end. */
async function profiledRun(bench, name) {
  const { network, packer, asset, accounts, debtors, transfersPerPacked: transfers, options, say } = bench
  const seconds = Math.min(options.seconds, secondsMax)
  const count = (options.quick ? quickPrepared : prepared)[name] * seconds
  const { lanesPerNode, perRequest } = options.quick ? quickLoad : load
  const isPacked = name === 'packed'
  const requests = isPacked
    ? await packer.packed({ asset, accounts, count, transfers, debtors })
    : await packer.singles({ asset, accounts, count, perRequest })
  const makeLanes = () =>
    isPacked ? debtorLanes(network.apis, requests) : sharedLanes(network.apis, requests, lanesPerNode)
  const run = await runFullLoad(bench, { makeLanes, stage: isPacked ? 'final' : 'proven', seconds })
  say(`profile, ${name}: ${Math.round(run.transfersPerSecond)} a second with the profilers on`)
  const executed = run.executedPerSecondByCounter * ((run.closeUs - run.openUs) / 1e6) * network.nodes.length
  return { ...run, name, executed }
}

/** Single transfers at a fixed rate: what blocks and batches cost that are not full. */
async function halfLoadRun(bench, perSecond) {
  const { network, options } = bench
  const seconds = Math.min(options.seconds, secondsMax)
  const openUs = monotonicUs()
  const { provenPerSecond } = await runOpen(bench, { perSecond: Math.max(1, Math.round(perSecond)), seconds })
  const executed = provenPerSecond * seconds * network.nodes.length
  return { openUs, closeUs: openUs + seconds * 1e6, name: 'half load', executed, transfersPerSecond: provenPerSecond }
}

/**
 * Runs at full load with the validators' profilers on, which slows them down: read the shares, not the rate.
 * @returns the text of the summary, per kind of load and thread, averaged over the validators
 */
export async function measureProfile(bench) {
  const { network, directory } = bench
  const profiles = join(directory, 'profiles')
  await mkdir(profiles)
  await network.stop()
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-interval=${sampleUs}`]
  await network.start({ nodeOptions, program: 'modules' })
  const threadNames = await Promise.all(network.nodes.map(({ pid }) => nameThreads(pid)))
  const runs = []
  const profiled = { ...bench, threadNames }
  runs.push(await profiledRun(profiled, 'singles'))
  runs.push(await halfLoadRun(profiled, runs[0].transfersPerSecond / 2))
  runs.push(await profiledRun(profiled, 'packed'))
  await network.stop()

  /** By run and thread. */
  const sums = runs.map(() => new Map())
  for (const name of (await readdir(profiles)).sort()) {
    const thread = Number(name.split('.')[4])
    const profile = JSON.parse(await readFile(join(profiles, name), 'utf8'))
    for (const [i, { openUs, closeUs }] of runs.entries()) {
      if (!sums[i].has(thread)) sums[i].set(thread, { stages: new Map(), functions: new Map() })
      addProfile(sums[i].get(thread), profile, openUs, closeUs)
    }
  }
  await network.start()
  const text = runs.flatMap(({ name, executed }, i) =>
    [...sums[i]]
      .sort(([a], [b]) => a - b)
      .flatMap(([thread, of]) => [
        `== ${name}, ${thread === 0 ? 'main' : `worker ${thread}`}`,
        ...linesOf(of, executed),
        '',
      ]),
  )
  return { transfersPerSecond: runs.map(({ transfersPerSecond }) => transfersPerSecond), text: `${text.join('\n')}\n` }
}
