import { type ConsensusParameters, defaultParameters } from '@tallystick/core/protocol'
import type { LinkFaults } from './network.ts'
import type { CrashOdds } from './node.ts'
import { Random } from './random.ts'

/** What a seed stands for: a network, its faults, and who misbehaves. */
export interface Scenario {
  readonly seed: number
  readonly stakes: readonly bigint[]
  readonly observers: number
  readonly byzantine: readonly number[]
  readonly links: LinkFaults
  readonly crashes: CrashOdds
  readonly partitions: boolean
  readonly pauses: boolean
  readonly realSignatures: boolean
  /** Messages and records go through their encodings. */
  readonly encodes: boolean
  readonly faultyMs: number
  readonly parameters: ConsensusParameters
  /** A validator whose journal is lost once, its reservation not: it may never sign in those views again. */
  readonly journalLoss: number | undefined
  /** The longest that storing one final block takes on a slow disk; about half of the nodes have one. */
  readonly commitBlockMsMax: number
}

const stakeSets: readonly (readonly bigint[])[] = [
  [1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [1n, 1n, 1n, 1n],
  [10n, 20n, 30n, 40n, 10n],
  [5n, 5n, 5n, 5n, 5n, 5n, 5n],
  [7n, 1n, 3n, 3n, 2n, 5n],
]

/** Short times, so that a run of a few simulated seconds passes through many views. */
const parameters: ConsensusParameters = {
  ...defaultParameters.consensus,
  deltaBaseMs: 60,
  deltaCapMs: 600,
  standstillMs: 200,
}

export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed)
  const stakes = random.pick(stakeSets)
  const isCalm = random.oneIn(8)
  const scenario = {
    seed,
    stakes,
    observers: random.oneIn(3) ? 1 : 0,
    byzantine: random.oneIn(3) ? byzantineIn(stakes, random) : [],
    links: isCalm ? calmLinks : faultyLinks(random),
    crashes: isCalm || random.oneIn(3) ? { beforeSync: 0, afterSync: 0, betweenEffects: 0 } : crashOdds(random),
    partitions: !isCalm && random.oneIn(2),
    pauses: !isCalm && random.oneIn(3),
    realSignatures: seed % 25 === 0,
    encodes: seed % 4 === 0,
    faultyMs: random.between(1_500, 4_000),
    parameters: { ...parameters, schedulePeriodViews: random.pick([8, 16, 64]), silentViews: random.pick([4, 16]) },
  }
  const spareable = byzantineIn(stakes, random).slice(0, 1)
  const journalLoss = scenario.byzantine.length === 0 && random.oneIn(4) ? spareable[0] : undefined
  const commitBlockMsMax = isCalm ? 10 : random.pick([10, 50, 400])
  return { ...scenario, journalLoss, commitBlockMsMax }
}

const calmLinks: LinkFaults = {
  lossPercent: 0,
  duplicatePercent: 0,
  delayMinMs: 1,
  delayMaxMs: 5,
  reorders: false,
}

function faultyLinks(random: Random): LinkFaults {
  return {
    lossPercent: random.pick([0, 0, 2, 10, 25]),
    duplicatePercent: random.pick([0, 0, 5, 20]),
    delayMinMs: random.pick([1, 5]),
    delayMaxMs: random.pick([10, 40, 150]),
    reorders: random.oneIn(2),
  }
}

function crashOdds(random: Random): CrashOdds {
  const percent = (): number => random.pick([0, 0, 1, 3])
  return { beforeSync: percent(), afterSync: percent(), betweenEffects: percent() }
}

/** Validators whose stake together stays below a third. */
function byzantineIn(stakes: readonly bigint[], random: Random): number[] {
  const total = stakes.reduce((sum, stake) => sum + stake, 0n)
  const start = random.below(stakes.length)
  const chosen: number[] = []
  let sum = 0n
  for (let i = 0; i < stakes.length; i++) {
    const index = (start + i) % stakes.length
    if ((sum + stakes[index]!) * 3n >= total) continue
    sum += stakes[index]!
    chosen.push(index)
  }
  return chosen
}
