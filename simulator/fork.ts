import { OracleViolation } from './oracles.ts'
import type { Scenario } from './scenario.ts'
import { type ForkNetwork, Simulation } from './simulation.ts'

/**
 * More Byzantine stake than a third: two of four validators run twice under one key (Twins, OPODIS 2021), one copy of each beside
 * either honest validator, with the two sides cut off from each other. Both sides finalize, so there is a fork; when the sides
 * meet, the honest ones must halt and incriminate at least a third of the stake, and nobody else.
 */
export function runFork(seed: number, base: Scenario): { accused: readonly number[]; halted: number } {
  const scenario: Scenario = {
    ...base,
    seed,
    stakes: [1n, 1n, 1n, 1n],
    observers: 0,
    byzantine: [0, 1],
  }
  const network: ForkNetwork = {
    copies: [0, 1],
    sides: [
      [0, 1, 2],
      [3, 4, 5],
    ],
  }
  const simulation = new Simulation(scenario, network)
  simulation.startApart()
  for (const nodes of network.sides) for (let i = 0; i < 4; i++) simulation.makeBatchAt(nodes)
  const honest = [simulation.nodes[2]!, simulation.nodes[3]!]
  const height = simulation.random.between(1, 2)
  const both = (): boolean => honest.every((node) => node.application.storedHeight >= height)
  if (!simulation.runUntil(both, 20_000)) throw new OracleViolation(`seed ${seed}: the sides did not finalize`)
  simulation.heal()
  const until = simulation.queue.nowMs + 10_000
  simulation.runUntil(() => false, until)
  const { oracles } = simulation
  if (!oracles.forked) throw new OracleViolation(`seed ${seed}: no fork was noticed`)
  if (oracles.halts.length !== honest.length)
    throw new OracleViolation(`seed ${seed}: an honest node went on beside a fork`)
  if (oracles.accused.size * 3 < scenario.stakes.length) {
    throw new OracleViolation(`seed ${seed}: a fork incriminates only ${oracles.accused.size} validators`)
  }
  return { accused: [...oracles.accused], halted: oracles.halts.length }
}
