import { describe, expect, test } from 'vitest'
import {
  batchItem,
  blockOn,
  certificateBy,
  followerOf,
  genesisHeader,
  leaderAt,
  othersThan,
  proposalOf,
  TestEngine,
  voteOf,
} from './testing/test-engine.ts'

const block = blockOn(genesisHeader, [batchItem(1)])
const first = proposalOf(1, block)
const self = followerOf(1)
const others = [0, 1, 2, 3].filter((index) => index !== self)

describe('notarize', () => {
  test('a justified proposal whose block the shell finds valid is notarized once', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    expect(engine.sentKinds()).toEqual([])
    expect(engine.of('check').length).toBe(1)
    engine.approve(block)
    engine.propose(first, block)
    expect(engine.sentKinds()).toEqual(['notarize 1'])
  })

  test('of two proposals of an equivocating leader one is notarized, and the pair is evidence', () => {
    const engine = new TestEngine({ self })
    const other = blockOn(genesisHeader, [batchItem(2)])
    engine.propose(first, block)
    engine.propose(proposalOf(1, other), other)
    engine.approve(block)
    engine.approve(other)
    expect(engine.sentKinds()).toEqual(['notarize 1'])
    expect(engine.of('evidence').map(({ evidence }) => evidence.signer)).toEqual([leaderAt(1)])
  })

  test('an invalid block is nullified at once', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    engine.give({ kind: 'verdict', block: first.blockHash, verdict: 'invalid' })
    expect(engine.sentKinds()).toEqual(['nullify 1'])
  })

  test('a missing nullification of a skipped view is waited for and asked for, never passed over', () => {
    const engine = new TestEngine({ self: followerOf(1, 2) })
    const other = blockOn(genesisHeader, [batchItem(2)])
    engine.message(leaderAt(1), {
      kind: 'certificates',
      certificates: [certificateBy(othersThan(engine.self), 'notarization', first)],
    })
    engine.propose(proposalOf(2, other), other)
    engine.approve(other)
    engine.pass(50)
    expect(engine.sentKinds()).toEqual([])
    expect(engine.of('send').some(({ message }) => message.content.kind === 'requestViews')).toBe(true)
    const nullification = certificateBy(othersThan(engine.self), 'nullification', 1)
    engine.message(leaderAt(1), { kind: 'certificates', certificates: [nullification] })
    engine.approve(other)
    expect(engine.sentKinds()).toEqual(['notarize 2'])
  })

  test('after the own nullify a notarize is still legal and sent, a finalize never', () => {
    const engine = new TestEngine({ self })
    engine.give({ kind: 'work', present: true })
    engine.pass(250)
    expect(engine.sentKinds()).toEqual(['nullify 1'])
    engine.propose(first, block)
    engine.approve(block)
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'notarization', first)] })
    expect(engine.sentKinds()).toEqual(['nullify 1', 'notarize 1'])
  })

  test('a proposal that comes after the view was left is still notarized and finalized', () => {
    const engine = new TestEngine({ self })
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'notarization', first)] })
    expect(engine.consensus.status().view).toBe(2)
    engine.propose(first, block)
    engine.approve(block)
    expect(engine.sentKinds()).toEqual(['notarize 1', 'finalize 1'])
  })
})

describe('validity', () => {
  const bad: [string, Parameters<typeof blockOn>[2]][] = [
    ['a height that does not follow', { height: 2 }],
    ['an earlier time than its parent', { timeMs: 999 }],
    ['another ledger', { ledger: new Uint8Array(32) as never }],
    ['another epoch', { epoch: 1 }],
    ['a next epoch', { nextEpoch: { epoch: 1, validatorsRoot: new Uint8Array(32) } }],
    ['an executed height at its own', { executed: { ...genesisHeader.executed, height: 1 } }],
    ['a root that differs from the own', { executed: { ...genesisHeader.executed, stateRoot: new Uint8Array(32) } }],
  ]
  for (const [what, change] of bad) {
    test(`a block with ${what} is nullified at once`, () => {
      const engine = new TestEngine({ self })
      const wrong = blockOn(genesisHeader, [], change)
      engine.propose(proposalOf(1, wrong), wrong)
      engine.approve(wrong)
      expect(engine.sentKinds()).toEqual(['nullify 1'])
    })
  }

  test('a digest that an ancestor lists, or that is listed twice, makes a block invalid', () => {
    const engine = new TestEngine({ self: followerOf(1, 2) })
    engine.propose(first, block)
    engine.approve(block)
    const repeating = blockOn(block.header, [batchItem(1)])
    engine.propose(proposalOf(2, repeating, first), repeating, [
      certificateBy(othersThan(engine.self), 'notarization', first),
    ])
    engine.approve(repeating)
    expect(engine.sentKinds()).toEqual(['notarize 1', 'finalize 1', 'nullify 2'])
    const twice = blockOn(genesisHeader, [batchItem(3), batchItem(3)])
    const fresh = new TestEngine({ self })
    fresh.propose(proposalOf(1, twice), twice)
    expect(fresh.sentKinds()).toEqual(['nullify 1'])
  })

  test('a height that this node has not executed is waited for', () => {
    const engine = new TestEngine({ self, restored: { executed: [] } })
    engine.propose(first, block)
    engine.approve(block)
    expect(engine.sentKinds()).toEqual([])
  })

  test('a differing root of a proposal raises an alarm', () => {
    const engine = new TestEngine({ self })
    const wrong = blockOn(genesisHeader, [], { executed: { ...genesisHeader.executed, stateRoot: new Uint8Array(32) } })
    engine.propose(proposalOf(1, wrong), wrong)
    expect(engine.of('alarm').map(({ code }) => code)).toEqual(['CONSENSUS_PROPOSAL_ROOT_DIFFERS'])
  })
})

describe('votes', () => {
  test('an unverified vote is stored only from its signer’s own connection', () => {
    const engine = new TestEngine({ self })
    const [a, b, c] = others as [number, number, number]
    const forged = { signer: b, vote: { ...voteOf(b, 'nullify', 1).vote, signature: new Uint8Array(64) } }
    engine.votes(a, forged)
    expect(engine.of('disconnect').map(({ peer }) => peer)).toEqual([`validator ${a}`])
    engine.votes(a, voteOf(a, 'nullify', 1), voteOf(b, 'nullify', 1), voteOf(c, 'nullify', 1))
    expect(engine.consensus.status().view).toBe(2)
  })

  test('a wrong signature is found at the quorum, dropped, and costs its signer the connection', () => {
    const engine = new TestEngine({ self: leaderAt(1) })
    const [a, b, c] = [0, 1, 2, 3].filter((index) => index !== leaderAt(1)) as [number, number, number]
    engine.votes(a, { signer: a, vote: { ...voteOf(a, 'nullify', 1).vote, signature: new Uint8Array(64) } })
    engine.votes(b, voteOf(b, 'nullify', 1))
    engine.votes(c, voteOf(c, 'nullify', 1))
    expect(engine.of('disconnect').map(({ peer }) => peer)).toEqual([`validator ${a}`])
    expect(engine.consensus.status().view).toBe(1)
    engine.votes(a, voteOf(a, 'nullify', 1))
    expect(engine.consensus.status().view).toBe(2)
  })

  test('votes more than F views ahead are dropped, certificates are not', () => {
    const engine = new TestEngine({ self })
    for (const index of others) engine.votes(index, voteOf(index, 'nullify', 300))
    expect(engine.consensus.status().view).toBe(1)
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'nullification', 300)] })
    expect(engine.consensus.status().view).toBe(301)
  })

  test('an own vote counts in the own tally only once it is durable', () => {
    const engine = new TestEngine({ self })
    engine.loops = false
    for (const index of others.slice(0, 2)) engine.votes(index, voteOf(index, 'nullify', 1))
    engine.pass(400)
    const votes = engine.of('loopback').flatMap((effect) => effect.votes)
    expect(engine.sentKinds()).toEqual(['nullify 1'])
    expect(engine.consensus.status().view).toBe(1)
    engine.give({ kind: 'own', votes })
    expect(engine.consensus.status().view).toBe(2)
  })

  test('an invalid certificate disconnects', () => {
    const engine = new TestEngine({ self })
    const good = certificateBy(others, 'nullification', 1)
    const wrong = {
      ...good,
      quorum: { ...good.quorum, signatures: good.quorum.signatures.map(() => new Uint8Array(64)) },
    }
    engine.message(others[0]!, { kind: 'certificates', certificates: [wrong] })
    const few = certificateBy(others.slice(0, 2), 'nullification', 1)
    engine.message(others[1]!, { kind: 'certificates', certificates: [few] })
    expect(engine.of('disconnect').length).toBe(2)
    expect(engine.consensus.status().view).toBe(1)
  })
})
