import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { aboutMachine, aboutVersions } from './machine/about.mjs'
import { diskAndNetworkLimits } from './machine/limits.mjs'
import { nameThreads } from './machine/processes.mjs'
import { measureBatches } from './measure/batches.mjs'
import { measureComputing } from './measure/computing.mjs'
import { planSetUp, setUp, startFresh } from './measure/set-up.mjs'
import { measureTransfers } from './measure/transfers.mjs'
import { reportRows } from './report/rows.mjs'
import { tableText } from './report/table.mjs'

const results = new URL('./results/', import.meta.url)

async function measure(bench, report) {
  const { options } = bench
  if (options.names.includes('transfers')) report.transfers = await measureTransfers(bench)
  if (options.names.includes('batches')) report.batches = await measureBatches(bench)
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
function headline({ transfers, batches, limits }) {
  return {
    ...(transfers && {
      transfersPerSecond: transfers.transfersPerSecond,
      transfersOfLimit: transfers.transfersPerSecond / limits.transfersPerSecond,
    }),
    ...(batches && { batchedTransfersPerSecond: batches.transfersPerSecond }),
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
      say(`\n${tableText(reportRows(report))}`)
    }
  } finally {
    if (options.keep) say(`kept: ${directory}`)
    else await rm(directory, { recursive: true, force: true })
  }
}
