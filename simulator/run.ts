import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { scenarioOf } from './scenario.ts'
import { type Outcome, Simulation } from './simulation.ts'

/** Runs one seed. @throws {OracleViolation} with the seed and how to run it again. */
export function runSeed(seed: number): Outcome {
  try {
    return new Simulation(scenarioOf(seed)).run()
  } catch (cause) {
    const replay = `node simulator/dist/run.js --seed ${seed} --runs 1`
    throw new Error(`seed ${seed}: ${(cause as Error).message}\nrun it again: ${replay}`, { cause })
  }
}

function main(): void {
  const { values } = parseArgs({
    options: { seed: { type: 'string' }, runs: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) {
    console.log('node simulator/dist/run.js --seed N --runs M   runs the seeds N to N + M − 1')
    return
  }
  const first = Number(values.seed ?? 1)
  const runs = Number(values.runs ?? 100)
  let failed = 0
  const totals = { views: 0, height: 0, restarts: 0, accused: 0, simulatedMs: 0 }
  for (let seed = first; seed < first + runs; seed++) {
    try {
      const outcome = runSeed(seed)
      totals.views += outcome.views
      totals.height += outcome.height
      totals.restarts += outcome.restarts
      totals.accused += outcome.accused.length
      totals.simulatedMs += outcome.simulatedMs
      if (runs === 1) console.log(`seed ${seed}: trace ${outcome.trace}, ${outcome.events} events`)
    } catch (error) {
      failed++
      console.log((error as Error).message)
      if (runs === 1) console.log(((error as Error).cause as Error).stack)
    }
  }
  console.log(
    `${runs} runs, ${failed} failed: ${totals.views} views, ${totals.height} blocks, ${totals.restarts} restarts, ` +
      `${totals.accused} validators accused, ${Math.round(totals.simulatedMs / 1_000)} simulated seconds`,
  )
  process.exitCode = failed === 0 ? 0 : 1
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) main()
