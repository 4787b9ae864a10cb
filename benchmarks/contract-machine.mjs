// Calls of a contract that reads and writes four rows, written with the kit and by hand: metered and from the same memory each
// time, beside the machine as it was built, which is neither. Ratios of one run count. node benchmarks/contract-machine.mjs
import { fileURLToPath } from 'node:url'
import { buildContract, evaluateManifest } from '../contract-kit/dist/build/index.js'
import { byHand } from './contracts/by-hand.mjs'
import { bestRates, meteredCaller, plainCaller, rowsHost } from './contracts/machines.mjs'

const sizes = { rounds: 5, calls: 3_000, warmUp: 2_000 }
const hash = '0'.repeat(64)

/** A call's question as the ledger asks it. */
function questionOf(name, input) {
  const self = { contract: hash, account: hash, member: hash, generation: 0 }
  return JSON.stringify({ kind: 'action', name, input, self, now: 1_800_000_000_000, callers: [], funds: [] })
}

/** @returns calls a second of one core: metered and plain, with the kit and by hand, and the fuel of each. */
export async function measureMachines() {
  const built = await buildContract(fileURLToPath(new URL('./contracts/four-rows.ts', import.meta.url)))
  const { manifest, fuelUsed } = evaluateManifest(built)
  const fill = questionOf('fill', { from: 0, count: 8 })
  const move = questionOf('move', { from: ['member-0', 'member-1'], to: ['member-2', 'member-3'], amount: '5' })
  const rates = {}
  const fuel = { evaluation: Number(fuelUsed) }
  for (const [name, script] of Object.entries({ kit: built.script, hand: byHand })) {
    const metered = meteredCaller(script, rowsHost(), manifest.actions)
    const plain = plainCaller(script, rowsHost())
    const callers = { metered, plain }
    for (const call of Object.values(callers)) call(fill)
    rates[name] = bestRates(callers, move, '{}', sizes)
    fuel[name] = metered.lastFuel()
  }
  return { rates, fuel }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { rates, fuel } = await measureMachines()
  for (const [name, { metered, plain }] of Object.entries(rates)) {
    const share = (metered / plain).toFixed(2)
    console.log(
      `${name}: metered ${Math.round(metered)}/s, as built ${Math.round(plain)}/s, ratio ${share}, ${fuel[name]} units`,
    )
  }
  console.log(
    `the kit's fuel beside by hand: ${(fuel.kit / fuel.hand).toFixed(2)}; evaluation ${fuel.evaluation} units`,
  )
}
