import { expect, test, vi } from 'vitest'
import { Simulation, scenarioOf } from './index.ts'

// The signer without its rule between nullify and finalize: a finalize after a nullify goes out.
vi.mock('../core/consensus/signer.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../core/consensus/signer.ts')>()
  const signVote: typeof original.signVote = (engine, ballot) => {
    const view = ballot.kind === 'finalize' ? engine.state.views.get(ballot.proposal.view) : undefined
    const { nullified } = view ?? { nullified: false }
    if (view !== undefined) view.nullified = false
    const signed = original.signVote(engine, ballot)
    if (view !== undefined) view.nullified = nullified
    return signed
  }
  return { ...original, signVote }
})

test('oracles bite: a finalize after a nullify is noticed', () => {
  for (let seed = 1; seed <= 100; seed++) {
    try {
      new Simulation({ ...scenarioOf(seed), byzantine: [] }).run()
    } catch (error) {
      expect((error as Error).message).toMatch(
        /contradicted itself in view \d+ with finalize|is (final|nullified) and|evidence against/,
      )
      return
    }
  }
  expect.unreachable('no seed of 100 noticed it')
})
