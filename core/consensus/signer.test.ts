import { describe, expect, test } from 'vitest'
import type { Engine } from './engine.ts'
import { keyOf, viewState } from './engine.ts'
import { leaderSchedule } from './schedule.ts'
import { signVote } from './signer.ts'
import { stakeTable } from './stake.ts'
import { emptyOutput, initialState } from './state.ts'
import { batchItem, blockOn, configOf, genesisHeader, proposalOf } from './testing/test-engine.ts'

const h = proposalOf(1, blockOn(genesisHeader, [batchItem(1)]))
const g = proposalOf(1, blockOn(genesisHeader, [batchItem(2)]))

/** The signer alone, without the rules that ask it. */
function signerEngine(isObserver = false): Engine {
  const config = configOf(isObserver ? undefined : 0)
  const stake = stakeTable(config.validators)
  const schedule = leaderSchedule(stake.stakes, 64, config.boundary.hash)
  const state = initialState(config, keyOf(config.boundary.hash))
  state.reservedView = 256
  return { config, stake, schedule, state, out: emptyOutput(), nowMs: 0, firedMs: 0 }
}

const notarize = (proposal = h) => ({ kind: 'notarize', proposal }) as const
const finalize = (proposal = h) => ({ kind: 'finalize', proposal }) as const
const nullify = (view = 1) => ({ kind: 'nullify', view }) as const

type Ballot = ReturnType<typeof notarize> | ReturnType<typeof finalize> | ReturnType<typeof nullify>

function signs(...ballots: Ballot[]): boolean[] {
  const engine = signerEngine()
  return ballots.map((ballot) => signVote(engine, ballot) !== undefined)
}

describe('the one place that signs', () => {
  test('signs a notarize and a finalize of one Proposal, and a notarize with a nullify in either order', () => {
    expect(signs(notarize(), finalize())).toEqual([true, true])
    expect(signs(notarize(), nullify())).toEqual([true, true])
    expect(signs(nullify(), notarize())).toEqual([true, true])
  })

  const refused: [string, Ballot[]][] = [
    ['a second notarize, of the same or another Proposal', [notarize(), notarize()]],
    ['a notarize of another Proposal', [notarize(), notarize(g)]],
    ['a finalize without a notarize', [finalize()]],
    ['a finalize of what it did not notarize', [notarize(g), finalize(h)]],
    ['a second finalize', [notarize(), finalize(), finalize()]],
    ['a finalize after a nullify', [notarize(), nullify(), finalize()]],
    ['a nullify after a finalize', [notarize(), finalize(), nullify()]],
    ['a second nullify', [nullify(), nullify()]],
  ]
  for (const [what, ballots] of refused) {
    test(`refuses ${what}`, () => expect(signs(...ballots).at(-1)).toBe(false))
  }

  test('refuses everything at or below the floor, and above the reservation', () => {
    const engine = signerEngine()
    engine.state.signingFloor = 1
    expect([notarize(), nullify()].map((ballot) => signVote(engine, ballot))).toEqual([undefined, undefined])
    expect(signVote(engine, nullify(257))).toBeUndefined()
    expect(signVote(engine, nullify(256))).toBeDefined()
  })

  test('refuses everything while it listens, after a halt, and for an observer', () => {
    for (const change of [{ listenUntilMs: 5 }, { halted: true }, { refusedView: 1 }]) {
      const engine = signerEngine()
      Object.assign(engine.state, change)
      expect(signVote(engine, nullify())).toBeUndefined()
    }
    expect(signVote(signerEngine(true), nullify())).toBeUndefined()
  })

  test('journals the vote in the turn that signs it', () => {
    const engine = signerEngine()
    const signed = signVote(engine, notarize())
    expect(engine.out.journal).toEqual([{ kind: 'vote', vote: signed }])
    expect(viewState(engine, 1).own).toEqual([signed])
  })
})
