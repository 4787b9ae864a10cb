import { describe, expect, test } from 'vitest'
import {
  batchItem,
  blockOn,
  certificateBy,
  followerOf,
  genesisHeader,
  genesisRoots,
  leaderAt,
  othersThan,
  proposalOf,
  TestEngine,
  testParameters,
  voteOf,
} from './testing/test-engine.ts'

const block = blockOn(genesisHeader, [batchItem(1)])
const first = proposalOf(1, block)
const self = followerOf(1)
const others = [0, 1, 2, 3].filter((index) => index !== self)

function certify(engine: TestEngine, kind: 'notarization' | 'finalization', proposal = first): void {
  const from = othersThan(engine.self)[0]!
  engine.message(from, { kind: 'certificates', certificates: [certificateBy(othersThan(engine.self), kind, proposal)] })
}

describe('work', () => {
  test('without work no view passes, however long', () => {
    const engine = new TestEngine({ self })
    for (let i = 0; i < 50; i++) engine.pass(1_000)
    expect(engine.sentKinds()).toEqual([])
    expect(engine.consensus.status().view).toBe(1)
  })

  test('a leader without work proposes nothing; with work it asks for a payload once', () => {
    const engine = new TestEngine({ self: leaderAt(1) })
    expect(engine.of('build')).toEqual([])
    engine.give({ kind: 'work', present: true })
    engine.pass(10)
    expect(engine.of('build').length).toBe(1)
    engine.give({ kind: 'built', view: 1, payload: undefined, timeMs: 2_000 })
    expect(engine.sentKinds()).toEqual([])
    engine.give({ kind: 'work', present: true })
    expect(engine.of('build').length).toBe(2)
  })

  test('a proposal starts the timers, and so do nullify votes of more than a third', () => {
    const engine = new TestEngine({ self })
    engine.votes(others[0]!, voteOf(others[0]!, 'nullify', 1))
    expect(engine.consensus.status().working).toBe(leaderAt(1) === others[0])
    engine.votes(others[1]!, voteOf(others[1]!, 'nullify', 1))
    expect(engine.consensus.status().working).toBe(true)
    const second = new TestEngine({ self })
    second.propose(first, block)
    expect(second.consensus.status().working).toBe(true)
  })

  test('an empty block follows until a final header carries the roots of the last state-changing one', () => {
    const engine = new TestEngine({ self: leaderAt(2) })
    engine.propose(first, block)
    certify(engine, 'finalization')
    expect(engine.of('build')).toEqual([])
    const roots = { height: 1, stateRoot: new Uint8Array(32).fill(9), historyRoot: new Uint8Array(32).fill(8) }
    engine.give({ kind: 'executed', roots })
    for (const index of othersThan(engine.self!)) engine.message(index, { kind: 'status' }, 1, 1)
    expect(engine.of('build').map(({ request }) => request.executed)).toEqual([roots])
    engine.give({ kind: 'built', view: 2, payload: undefined, timeMs: 3_000 })
    expect(engine.sentKinds()).toEqual(['notarize 2'])
  })

  test('an empty block that changed the state, by what fell due in it, is followed by another', () => {
    const engine = new TestEngine({ self: leaderAt(3) })
    const rootsAt = (height: number, state: number) => ({
      height,
      stateRoot: new Uint8Array(32).fill(state),
      historyRoot: new Uint8Array(32).fill(8),
    })
    engine.propose(first, block)
    certify(engine, 'finalization')
    engine.give({ kind: 'executed', roots: rootsAt(1, 9) })
    for (const index of others) if (index !== engine.self) engine.message(index, { kind: 'status' }, 1, 1)
    const empty = blockOn(block.header, [], { executed: rootsAt(1, 9) })
    const second = proposalOf(2, empty, first)
    engine.propose(second, empty)
    engine.message(others[0]!, {
      kind: 'certificates',
      certificates: [certificateBy(othersThan(engine.self!), 'finalization', second)],
    })
    expect(engine.consensus.status().finalizedHeight).toBe(2)
    expect(engine.of('build')).toEqual([])
    engine.give({ kind: 'executed', roots: rootsAt(2, 7) })
    for (const index of othersThan(engine.self!)) engine.message(index, { kind: 'status' }, 2, 2)
    expect(engine.of('build').map(({ request }) => request.executed)).toEqual([rootsAt(2, 7)])
  })

  test('a tip that is not final is repeated after half a Δ when there is nothing else to order', () => {
    const engine = new TestEngine({ self: leaderAt(2) })
    engine.propose(first, block)
    engine.approve(block)
    certify(engine, 'notarization')
    expect(engine.sentKinds()).toEqual(['notarize 1', 'finalize 1'])
    engine.pass(testParameters.deltaBaseMs / 2)
    const proposals = engine.of('broadcast').filter(({ message }) => message.content.kind === 'proposal')
    expect(engine.sentKinds()).toEqual(['notarize 1', 'finalize 1', 'notarize 2'])
    expect(proposals.length).toBe(1)
  })

  test('execution that lags K behind forbids a new height and is no work', () => {
    const parameters = { ...testParameters, executionLagMax: 1 }
    const engine = new TestEngine({ self: leaderAt(2), parameters })
    engine.propose(first, block)
    certify(engine, 'finalization')
    engine.give({ kind: 'work', present: true })
    expect(engine.consensus.status().working).toBe(false)
    expect(engine.of('build')).toEqual([])
  })
})

describe('timers', () => {
  test('no proposal by 2Δ and no certificate by 3Δ are nullified', () => {
    const engine = new TestEngine({ self })
    engine.give({ kind: 'work', present: true })
    engine.pass(199)
    expect(engine.sentKinds()).toEqual([])
    engine.pass(1)
    expect(engine.sentKinds()).toEqual(['nullify 1'])
    const seen = new TestEngine({ self })
    seen.propose(first, block)
    seen.pass(299)
    expect(seen.sentKinds()).toEqual([])
    seen.pass(1)
    expect(seen.sentKinds()).toEqual(['nullify 1'])
  })

  test('time that ran out counts only at the timer, after what was waiting', () => {
    const engine = new TestEngine({ self })
    engine.give({ kind: 'work', present: true })
    engine.nowMs += 5_000
    engine.propose(first, block)
    engine.approve(block)
    certify(engine, 'finalization')
    engine.pass(0)
    expect(engine.sentKinds()).toEqual(['notarize 1'])
  })

  test('the leader’s own nullify is joined at once and does not raise Δ; an own timeout does, finality lowers it', () => {
    const engine = new TestEngine({ self: followerOf(1, 2, 3) })
    engine.votes(leaderAt(1), voteOf(leaderAt(1), 'nullify', 1))
    expect(engine.sentKinds()).toEqual(['nullify 1'])
    engine.message(leaderAt(1), {
      kind: 'certificates',
      certificates: [certificateBy(othersThan(engine.self), 'nullification', 1)],
    })
    expect(engine.consensus.status().deltaMs).toBe(100)
    engine.give({ kind: 'work', present: true })
    engine.pass(300)
    engine.message(leaderAt(1), {
      kind: 'certificates',
      certificates: [certificateBy(othersThan(engine.self), 'nullification', 2)],
    })
    expect(engine.consensus.status().deltaMs).toBe(150)
    const later = proposalOf(3, block)
    engine.propose(later, block)
    certify(engine, 'finalization', later)
    expect(engine.consensus.status().deltaMs).toBe(100)
  })

  test('a leader that was silent for r views while a quorum was heard is nullified at once', () => {
    const last = testParameters.silentViews + 5
    const silent = leaderAt(last)
    const me = [0, 1, 2, 3].find((index) => index !== silent)!
    const engine = new TestEngine({ self: me })
    for (let view = 1; view < last; view++) {
      for (const index of othersThan(me)) if (index !== silent) engine.votes(index, voteOf(index, 'nullify', view))
      engine.pass(10_000)
    }
    expect(engine.consensus.status().view).toBe(last)
    engine.effects = []
    engine.give({ kind: 'work', present: true })
    expect(engine.sentKinds()).toEqual([`nullify ${last}`])
  })

  test('a leader that can’t justify a parent by Δ nullifies and asks', () => {
    const engine = new TestEngine({ self: leaderAt(2) })
    certify(engine, 'notarization')
    engine.pass(testParameters.deltaBaseMs)
    expect(engine.sentKinds()).toEqual(['nullify 2'])
    const asked = engine.of('send').map(({ message }) => message.content.kind)
    expect(asked).toContain('requestBlock')
  })
})

describe('standstill', () => {
  test('own votes and certificates go out again every period without finality', () => {
    const engine = new TestEngine({ self })
    engine.give({ kind: 'work', present: true })
    engine.pass(300)
    engine.effects = []
    engine.pass(testParameters.standstillMs)
    engine.pass(testParameters.standstillMs)
    expect(engine.sentKinds()).toEqual(['nullify 1', 'nullify 1'])
  })

  test('idle nodes repeat the newest finalization ever more rarely', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    certify(engine, 'finalization')
    engine.effects = []
    for (let second = 0; second < 100; second++) engine.pass(1_000)
    const repeated = engine.of('broadcast').filter(({ message }) => message.content.kind === 'certificates').length
    expect(repeated).toBeGreaterThanOrEqual(5)
    expect(repeated).toBeLessThanOrEqual(8)
  })
})

test('a leader names the highest height that a quorum reported and it executed itself', () => {
  const engine = new TestEngine({ self: leaderAt(2) })
  engine.propose(first, block)
  certify(engine, 'finalization')
  engine.give({ kind: 'work', present: true })
  expect(engine.of('build').at(-1)!.request.executed).toEqual(genesisRoots)
})
