import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aboutMachine, aboutVersions } from './machine/about.mjs'
import { diskAndNetworkLimits } from './machine/limits.mjs'
import { nameThreads } from './machine/processes.mjs'
import { measureBatches } from './measure/batches.mjs'
import { measureComputing } from './measure/computing.mjs'
import { measureContracts } from './measure/contracts.mjs'
import { measureFinality } from './measure/finality.mjs'
import { measureKnee } from './measure/knee.mjs'
import { measureProfile } from './measure/profile.mjs'
import { planSetUp, setUp, startFresh } from './measure/set-up.mjs'
import { measureStart } from './measure/start.mjs'
import { measureTransfers } from './measure/transfers.mjs'
import { kneeSvg } from './report/knee-svg.mjs'
import { reportRows } from './report/rows.mjs'
import { tableText } from './report/table.mjs'

const results = new URL('./results/', import.meta.url)

/** Transfers that the measurements before left on the ledger; those of a warm-up are not counted. */
function transfersIn({ transfers, probe, finality, knee, batches }) {
  const ofRuns = [transfers, probe, batches].flatMap((each) => each?.runs.map((run) => run.transfers) ?? [])
  const open = [...(finality ? [finality.halfLoad] : []), ...(knee?.steps ?? [])].map(({ accepted }) => accepted)
  return [...ofRuns, ...open].reduce((sum, count) => sum + count, 0)
}

const probe = { seconds: 10, runs: 1 }

/** Finality and the knee are shares of what full load reached; where that was not asked for, a short run tells. */
async function reachedPerSecond(bench, report) {
  if (report.transfers) return report.transfers.transfersPerSecond
  const seconds = Math.min(bench.options.seconds, probe.seconds)
  report.probe ??= await measureTransfers({ ...bench, options: { ...bench.options, ...probe, seconds } })
  return report.probe.transfersPerSecond
}

async function measure(bench, report) {
  const wants = (name) => bench.options.names.includes(name)
  if (wants('transfers')) report.transfers = await measureTransfers(bench)
  if (wants('finality')) report.finality = await measureFinality(bench, await reachedPerSecond(bench, report))
  if (wants('knee')) report.knee = await measureKnee(bench, await reachedPerSecond(bench, report))
  if (wants('batches')) report.batches = await measureBatches(bench)
  if (wants('contracts')) {
    await reachedPerSecond(bench, report)
    report.contracts = await measureContracts(bench)
  }
  if (wants('profile')) report.profile = await measureProfile(bench)
  if (wants('start')) report.start = await measureStart(bench, transfersIn(report))
}

async function benchIn(directory, options, say) {
  const report = { machine: aboutMachine(), versions: aboutVersions(), options }
  report.limits = await diskAndNetworkLimits(directory)
  const runSeed = Date.now() >>> 0
  const bench = { ...(await startFresh({ options, directory, runSeed })), say }
  report.configuration = { runSeed, members: bench.run.members.length, transfersPerPacked: bench.transfersPerPacked }
  try {
    bench.threadNames = await Promise.all(bench.network.nodes.map(({ pid }) => nameThreads(pid)))
    const phases = await planSetUp(bench)
    Object.assign(report.limits, await measureComputing(bench, phases))
    report.setUp = await setUp(bench, phases)
    say(`${bench.accounts} accounts opened and funded in ${report.setUp.seconds.toFixed(1)} s`)
    await measure(bench, report)
  } finally {
    await Promise.all([bench.network.stop(), bench.packer.close()])
  }
  return report
}

/** Figures that others look for by name, at the top of the report. */
function headline({ transfers, batches, contracts, start, limits }) {
  return {
    ...(transfers && {
      transfersPerSecond: transfers.transfersPerSecond,
      transfersOfLimit: transfers.transfersPerSecond / limits.transfersPerSecond,
    }),
    ...(batches && { batchedTransfersPerSecond: batches.transfersPerSecond }),
    ...(contracts && { contractCallsPerSecond: contracts.calls.fourRows.callsPerSecond }),
    ...(start && { startSeconds: start.firstReceiptSeconds }),
  }
}

export async function runBench(options) {
  const say = (line) => (options.json ? undefined : console.log(line))
  const directory = await mkdtemp(join(tmpdir(), 'tallystick-bench-'))
  try {
    const measured = await benchIn(directory, options, say)
    const report = { ...headline(measured), ...measured }
    const text = `${JSON.stringify(report, null, 2)}\n`
    if (options.json) process.stdout.write(text)
    else {
      await mkdir(results, { recursive: true })
      await writeFile(new URL('latest.json', results), text)
      if (report.knee) await writeFile(new URL('knee.svg', results), kneeSvg(report.knee))
      if (report.profile) await writeFile(new URL('profile.txt', results), report.profile.text)
      say(`\n${tableText(reportRows(report))}`)
    }
  } finally {
    if (options.keep) say(`kept: ${directory}`)
    else await rm(directory, { recursive: true, force: true })
  }
}
