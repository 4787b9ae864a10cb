import { describe, expect, test } from 'vitest'
import { runFork, runSeed, Simulation, scenarioOf } from './index.ts'

const seeds = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i)

describe('simulation', () => {
  test('one seed is one run: the same trace every time', () => {
    for (const seed of [2, 3, 25, 28]) {
      expect(runSeed(seed)).toEqual(runSeed(seed))
    }
    expect(runSeed(2).trace).not.toBe(runSeed(3).trace)
  })

  test('the seeds pass through what they are for: crashes, misbehaviour, many views, real signatures', () => {
    const scenarios = seeds(1, 300).map(scenarioOf)
    expect(scenarios.some(({ byzantine }) => byzantine.length > 1)).toBe(true)
    expect(scenarios.filter(({ realSignatures }) => realSignatures).length).toBeGreaterThan(5)
    expect(scenarios.filter(({ partitions }) => partitions).length).toBeGreaterThan(50)
    expect(scenarios.some(({ observers }) => observers > 0)).toBe(true)
  })

  for (const first of [1, 101, 201]) {
    test(`seeds ${first} to ${first + 99}: safety throughout, progress once healed, rest without work`, () => {
      const outcomes = seeds(first, 100).map(runSeed)
      expect(outcomes.reduce((sum, { restarts }) => sum + restarts, 0)).toBeGreaterThan(100)
      expect(outcomes.reduce((sum, { accused }) => sum + accused.length, 0)).toBeGreaterThan(5)
      expect(outcomes.filter(({ unstoredMax }) => unstoredMax > 1).length).toBeGreaterThan(10)
    })
  }

  test('with more Byzantine stake than a third there is a fork, both sides halt, and a third of the stake is incriminated', () => {
    for (const seed of seeds(1, 25)) {
      const { accused, halted } = runFork(seed, scenarioOf(2))
      expect([...accused].sort(), `seed ${seed}`).toEqual([0, 1])
      expect(halted).toBe(2)
    }
  })
})

describe('oracles bite', () => {
  /** The first violation that a mutated shell leads to. */
  function violation(mutation: NonNullable<Simulation['nodes'][number]['mutation']>): string {
    for (const seed of seeds(1, 200)) {
      const scenario = {
        ...scenarioOf(seed),
        byzantine: [],
        crashes: { beforeSync: 3, afterSync: 3, betweenEffects: 3 },
      }
      const simulation = new Simulation(scenario)
      for (const node of simulation.nodes) node.mutation = mutation
      try {
        simulation.run()
      } catch (error) {
        return (error as Error).message
      }
    }
    return 'none'
  }

  test('a node that forgets its votes over a restart is noticed', () => {
    expect(violation('forgets votes over a restart')).toMatch(/contradicted itself|KEY_USED_ELSEWHERE/)
  })

  test('a node that orders anew what it is still committing is noticed', () => {
    expect(violation('forgets what it is committing')).toMatch(/a batch is final twice/)
  })

  test('a vote that was visible before its sync is noticed', () => {
    expect(violation('releases effects before the sync')).toMatch(/contradicted itself|KEY_USED_ELSEWHERE/)
  })
})
