import { describe, expect, test } from 'vitest'
import { isProven } from './misbehaviour.ts'
import {
  batchItem,
  blockOn,
  certificateBy,
  configOf,
  followerOf,
  genesisHeader,
  leaderAt,
  othersThan,
  proposalOf,
  TestEngine,
  voteOf,
} from './testing/test-engine.ts'
import type { SignedVote } from './votes.ts'

const block = blockOn(genesisHeader, [batchItem(1)])
const h = proposalOf(1, block)
const g = proposalOf(1, blockOn(genesisHeader, [batchItem(2)]))
const self = followerOf(1)
const others = [0, 1, 2, 3].filter((index) => index !== self)
const signer = others.find((index) => index !== leaderAt(1))!

function evidenceOf(...votes: SignedVote[]): number[] {
  const engine = new TestEngine({ self })
  for (const vote of votes) engine.votes(signer, vote)
  const found = engine.of('evidence').map(({ evidence }) => evidence)
  for (const evidence of found) expect(isProven(configOf(undefined), evidence)).toBe(true)
  expect(engine.journal.filter(({ kind }) => kind === 'evidence').length).toBe(found.length)
  return found.map((evidence) => evidence.signer)
}

describe('the four pairs', () => {
  test('two notarize for different hashes', () =>
    expect(evidenceOf(voteOf(signer, 'notarize', h), voteOf(signer, 'notarize', g))).toEqual([signer]))
  test('two finalize for different hashes', () =>
    expect(evidenceOf(voteOf(signer, 'finalize', h), voteOf(signer, 'finalize', g))).toEqual([signer]))
  test('nullify and finalize', () =>
    expect(evidenceOf(voteOf(signer, 'nullify', 1), voteOf(signer, 'finalize', h))).toEqual([signer]))
  test('notarize h′ and finalize h', () =>
    expect(evidenceOf(voteOf(signer, 'finalize', h), voteOf(signer, 'notarize', g))).toEqual([signer]))
})

describe('what is legal or proves nothing', () => {
  test('notarize and nullify, notarize and finalize of one hash, other views', () => {
    expect(evidenceOf(voteOf(signer, 'notarize', h), voteOf(signer, 'nullify', 1))).toEqual([])
    expect(evidenceOf(voteOf(signer, 'notarize', h), voteOf(signer, 'finalize', h))).toEqual([])
    expect(evidenceOf(voteOf(signer, 'finalize', h), voteOf(signer, 'nullify', 2))).toEqual([])
  })

  test('a pair with a wrong signature', () => {
    const forged = { signer, vote: { ...voteOf(signer, 'finalize', h).vote, signature: new Uint8Array(64) } }
    expect(evidenceOf(voteOf(signer, 'nullify', 1), forged)).toEqual([])
  })

  test('more pairs of one signer in one view are one piece', () =>
    expect(
      evidenceOf(
        voteOf(signer, 'notarize', h),
        voteOf(signer, 'notarize', g),
        voteOf(signer, 'finalize', h),
        voteOf(signer, 'nullify', 1),
      ),
    ).toEqual([signer]))

  test('evidence does not hold under another signer, view or kind', () => {
    const engine = new TestEngine({ self })
    engine.votes(signer, voteOf(signer, 'nullify', 1), voteOf(signer, 'finalize', h))
    const { evidence } = engine.of('evidence')[0]!
    const config = configOf(undefined)
    expect(isProven(config, { ...evidence, signer: self })).toBe(false)
    expect(isProven(config, { ...evidence, signer: 9 })).toBe(false)
    expect(isProven(config, { ...evidence, view: 2 })).toBe(false)
    expect(isProven(config, { ...evidence, second: evidence.first })).toBe(false)
  })
})

describe('conflicting certificates', () => {
  const [a, b, c] = others as [number, number, number]
  const pairs = [
    ['two notarizations', certificateBy([a, b, c], 'notarization', h), certificateBy([a, b, c], 'notarization', g)],
    ['two finalizations', certificateBy([a, b, c], 'finalization', h), certificateBy([a, b, c], 'finalization', g)],
    [
      'a finalization and a nullification',
      certificateBy([a, b, c], 'finalization', h),
      certificateBy([a, b, c], 'nullification', 1),
    ],
  ] as const
  for (const [what, one, other] of pairs) {
    for (const certificates of [
      [one, other],
      [other, one],
    ]) {
      test(`${what}, ${certificates[0]!.kind} first: the proof is kept, the node halts and stays halted`, () => {
        const engine = new TestEngine({ self })
        engine.propose(h, block)
        for (const certificate of certificates) engine.message(a, { kind: 'certificates', certificates: [certificate] })
        expect(engine.of('halt').map(({ diagnosis }) => diagnosis.code)).toEqual(['CONSENSUS_CONFLICT'])
        expect(engine.journal.some(({ kind }) => kind === 'conflict')).toBe(true)
        const accused = engine.of('evidence').map(({ evidence }) => evidence.signer)
        expect(accused.toSorted()).toEqual([a, b, c].toSorted())
        const after = engine.restarted()
        expect(after.of('halt').length).toBe(1)
        after.propose(h, block)
        after.approve(block)
        expect(after.sentKinds()).toEqual([])
      })
    }
  }
})

test('a final root that differs from the own halts, before or after this node executed the height', () => {
  for (const executesFirst of [true, false]) {
    const engine = new TestEngine({ self: followerOf(1, 2) })
    engine.propose(h, block)
    engine.message(leaderAt(1), {
      kind: 'certificates',
      certificates: [certificateBy(othersThan(engine.self), 'finalization', h)],
    })
    const own = { height: 1, stateRoot: new Uint8Array(32).fill(5), historyRoot: new Uint8Array(32).fill(5) }
    const next = blockOn(block.header, [], { executed: { ...own, stateRoot: new Uint8Array(32).fill(6) } })
    const second = proposalOf(2, next, h)
    if (executesFirst) engine.give({ kind: 'executed', roots: own })
    engine.propose(second, next)
    engine.message(leaderAt(1), {
      kind: 'certificates',
      certificates: [certificateBy(othersThan(engine.self), 'finalization', second)],
    })
    if (!executesFirst) engine.give({ kind: 'executed', roots: own })
    expect(engine.of('halt').map(({ diagnosis }) => diagnosis.code)).toEqual(['CONSENSUS_ROOT_DIVERGED'])
  }
})
