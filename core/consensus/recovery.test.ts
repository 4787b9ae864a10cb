import { describe, expect, test } from 'vitest'
import { encode } from '../codec/index.ts'
import { blockHashOf, type Finalization } from '../protocol/index.ts'
import { encodeJournalRecord } from './journal.ts'
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
  testParameters,
  voteOf,
} from './testing/test-engine.ts'
import { signedVote } from './votes.ts'

const block = blockOn(genesisHeader, [batchItem(1)])
const first = proposalOf(1, block)
const leader = leaderAt(1)
const self = followerOf(1)
const others = [0, 1, 2, 3].filter((index) => index !== self)

function leadingEngine(): TestEngine {
  const engine = new TestEngine({ self: leader })
  engine.give({ kind: 'work', present: true })
  engine.give({ kind: 'built', view: 1, payload: [batchItem(1)], timeMs: 2_000 })
  return engine
}

describe('durability', () => {
  test('every vote that goes out is in the journal of its turn or an earlier one, behind its block', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    engine.approve(block)
    expect(engine.journal.map(({ kind }) => kind)).toEqual(['opened', 'block', 'vote'])
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'notarization', first)] })
    expect(engine.journal.map(({ kind }) => kind).slice(3)).toEqual(['certificate', 'vote'])
  })

  test('after a restart the same bytes go out again, once the listening time is over', () => {
    const before = leadingEngine()
    expect(before.sentKinds()).toEqual(['notarize 1'])
    const after = before.restarted({}, false)
    expect(after.sentKinds()).toEqual([])
    after.makeReady()
    const bytes = (engine: TestEngine): string[] => engine.sentVotes().map((vote) => String(encode(signedVote, vote)))
    expect(new Set(bytes(after))).toEqual(new Set(bytes(before)))
  })

  test('no block is built for a view that has a proposal, and none is proposed a second time', () => {
    const after = leadingEngine().restarted()
    after.give({ kind: 'work', present: true })
    after.pass(60)
    expect(after.of('build')).toEqual([])
    expect(new Set(after.sentKinds())).toEqual(new Set(['notarize 1']))
  })

  test('everyone nullifies and crashes: the replayed own vote counts, so two others complete the certificate', () => {
    const engine = new TestEngine({ self })
    engine.give({ kind: 'work', present: true })
    engine.pass(300)
    expect(engine.sentKinds()).toEqual(['nullify 1'])
    const after = engine.restarted()
    for (const index of others.slice(0, 2)) after.votes(index, voteOf(index, 'nullify', 1))
    expect(after.consensus.status().view).toBe(2)
  })

  test('a vote of the journal is not contradicted after a restart', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    engine.approve(block)
    const after = engine.restarted()
    const other = blockOn(genesisHeader, [batchItem(2)])
    after.propose(proposalOf(1, other), other)
    after.approve(other)
    expect(after.journal.filter(({ kind }) => kind === 'vote')).toEqual([])
  })

  test('a finalize is not given after a nullify of an earlier life', () => {
    const engine = new TestEngine({ self })
    engine.give({ kind: 'work', present: true })
    engine.pass(300)
    const after = engine.restarted()
    after.propose(first, block)
    after.approve(block)
    after.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'notarization', first)] })
    expect(new Set(after.sentKinds())).toEqual(new Set(['nullify 1', 'notarize 1']))
  })

  test('what is live replays to the same votes, view and floor', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    engine.approve(block)
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'notarization', first)] })
    const live = engine.consensus.live()
    expect(live.filter(({ kind }) => kind === 'vote').length).toBe(2)
    engine.journal = live
    const after = engine.restarted()
    const { view, floor } = engine.consensus.status()
    expect(after.consensus.status()).toMatchObject({ view, floor })
    const replayed = after.consensus.live().map((record) => String(encodeJournalRecord(record)))
    for (const record of live) expect(replayed).toContain(String(encodeJournalRecord(record)))
  })

  test('a final block that the application had not stored is handed out again', () => {
    const engine = new TestEngine({ self })
    engine.propose(first, block)
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'finalization', first)] })
    expect(engine.of('commit').length).toBe(1)
    const after = engine.restarted()
    expect(after.of('commit').map(({ commit }) => commit.blocks)).toEqual([[block]])
    engine.journal = engine.consensus.live()
    expect(
      engine
        .restarted()
        .of('commit')
        .map(({ commit }) => commit.blocks),
    ).toEqual([[block]])
    after.give({ kind: 'committed', height: 1 })
    expect(after.consensus.live().some(({ kind }) => kind === 'block')).toBe(false)
  })

  test('an application that is ahead of the journal sets the floor', () => {
    const finalization = certificateBy(others, 'finalization', first)
    if (finalization.kind !== 'finalization') throw new Error('not a finalization')
    const engine = new TestEngine({ self, restored: { committed: { header: block.header, finalization } } })
    expect(engine.consensus.status()).toMatchObject({ view: 2, floor: 1, finalizedHeight: 1 })
    engine.propose(first, block)
    expect(engine.sentKinds()).toEqual([])
  })
})

describe('reservation', () => {
  test('nothing is signed before it is durable, and nothing above it', () => {
    const engine = new TestEngine({ self, ready: false })
    engine.propose(first, block)
    engine.approve(block)
    expect(engine.sentKinds()).toEqual([])
    const [reserve] = engine.of('reserve')
    engine.give({ kind: 'reserved', view: reserve!.view })
    expect(engine.sentKinds()).toEqual(['notarize 1'])
  })

  test('a lost journal: nothing is signed up to the reservation, above it everything goes on', () => {
    const engine = new TestEngine({ self, restored: { reservation: { epoch: 0, view: 256 } } })
    expect(engine.of('alarm').map(({ code }) => code)).toEqual(['CONSENSUS_JOURNAL_DAMAGED'])
    engine.propose(first, block)
    engine.approve(block)
    expect(engine.sentKinds()).toEqual([])
    engine.message(others[0]!, { kind: 'certificates', certificates: [certificateBy(others, 'nullification', 256)] })
    engine.makeReady()
    engine.give({ kind: 'work', present: true })
    engine.pass(400)
    expect(engine.sentKinds()).toEqual(['nullify 257'])
  })

  test('the loss outlives further restarts: what was refused stays refused', () => {
    const once = new TestEngine({ self, restored: { reservation: { epoch: 0, view: 256 } } })
    expect(once.journal[0]).toEqual({ kind: 'lost', upToView: 256 })
    const compacted = once.restarted()
    compacted.journal = once.consensus.live()
    for (const again of [once.restarted(), compacted.restarted({ reservation: { epoch: 0, view: 512 } })]) {
      again.propose(first, block)
      again.approve(block)
      expect(again.sentKinds()).toEqual([])
    }
  })

  test('a journal that only lost everything after its first record is not taken for a lost one', () => {
    const engine = new TestEngine({ self }).restarted()
    engine.propose(first, block)
    engine.approve(block)
    expect(engine.sentKinds()).toEqual(['notarize 1'])
  })
})

describe('blocks that are lost while the journal is here', () => {
  const second = blockOn(block.header, [batchItem(2)])
  const next = proposalOf(2, second, first)
  const self = followerOf(1, 2)
  const others = othersThan(self)
  const signers = [self, ...others.slice(0, 2)].sort()
  const finalizationOf = (proposal: typeof first) => certificateBy(signers, 'finalization', proposal) as Finalization

  /** It signed in views 1 and 2, which are final and stored; its journal was compacted since, or not. */
  function lost(compacted: boolean): TestEngine {
    const engine = new TestEngine({ self })
    for (const [proposal, of] of [[first, block] as const, [next, second] as const]) {
      engine.propose(proposal, of)
      engine.approve(of)
      for (const certificate of [certificateBy(others, 'notarization', proposal), finalizationOf(proposal)])
        engine.message(others[0]!, { kind: 'certificates', certificates: [certificate] })
    }
    engine.give({ kind: 'committed', height: 2 })
    const isLost = (height: number): boolean => !compacted && height === 1
    engine.journal = compacted
      ? engine.consensus.live()
      : engine.journal.filter((record) => record.kind !== 'block' || !isLost(record.block.header.height))
    return engine.restarted()
  }

  for (const compacted of [true, false]) {
    test(`own signatures in what the peers send again are not taken for another's, ${compacted ? '' : 'not '}compacted`, () => {
      const engine = lost(compacted)
      expect(engine.consensus.status()).toMatchObject({ view: 3, finalizedHeight: 0 })
      const again = engine.restarted()
      again.journal = engine.consensus.live()
      for (const each of [engine, again, again.restarted()]) {
        for (const [proposal, of] of [[first, block] as const, [next, second] as const]) {
          const { quorum } = finalizationOf(proposal)
          const finalization = { proposal, quorum }
          const { header, payload } = of
          each.message(others[0]!, { kind: 'finalized', finalization, headers: [header], payloads: [payload] }, 2, 2)
        }
        expect(each.of('halt')).toEqual([])
        expect(each.consensus.status().finalizedHeight).toBe(2)
      }
    })

    test(`nothing is signed there again, and above it everything is as ever, ${compacted ? '' : 'not '}compacted`, () => {
      const engine = lost(compacted)
      engine.propose(first, block)
      engine.approve(block)
      expect(engine.sentKinds()).toEqual([])
      engine.votes(others[0]!, voteOf(self, 'nullify', 3))
      expect(engine.of('halt').map(({ diagnosis }) => diagnosis.code)).toEqual(['CONSENSUS_KEY_USED_ELSEWHERE'])
    })
  }
})

describe('copied key', () => {
  test('an own signature that the journal lacks stops the node, and it stays stopped', () => {
    const engine = new TestEngine({ self })
    engine.votes(others[0]!, voteOf(self, 'nullify', 1))
    expect(engine.of('halt').map(({ diagnosis }) => diagnosis.code)).toEqual(['CONSENSUS_KEY_USED_ELSEWHERE'])
    const after = engine.restarted()
    expect(after.of('halt').length).toBe(1)
    expect(after.consensus.status().halted).toBe(true)
    engine.journal = engine.consensus.live()
    expect(engine.restarted().consensus.status().halted).toBe(true)
  })

  test('a peer that connects is shown its own verified signatures, so that an old backup finds out', () => {
    const engine = new TestEngine({ self })
    const peer = others[0]!
    engine.votes(peer, voteOf(peer, 'nullify', 1))
    engine.effects = []
    engine.give({ kind: 'connected', peer: { id: `validator ${peer}`, validator: peer } })
    const shown = engine
      .of('send')
      .flatMap(({ message: { content } }) => (content.kind === 'votes' ? content.votes : []))
    expect(shown.map(({ signer }) => signer)).toEqual([peer])
  })

  test('nothing is signed during the listening time', () => {
    const engine = new TestEngine({ self }).restarted({}, false)
    engine.propose(first, block)
    engine.approve(block)
    engine.pass(testParameters.standstillMs - 1)
    expect(engine.sentKinds()).toEqual([])
    engine.pass(1)
    expect(engine.sentKinds()).toContain('notarize 1')
  })
})

test('an observer signs nothing and follows', () => {
  const engine = new TestEngine({ self: undefined })
  engine.propose(first, block)
  engine.approve(block)
  engine.message(0, { kind: 'certificates', certificates: [certificateBy([0, 1, 2], 'finalization', first)] })
  engine.pass(5_000)
  expect(engine.journal.some(({ kind }) => kind === 'vote')).toBe(false)
  expect(engine.of('commit').map(({ commit }) => blockHashOf(commit.blocks[0]!.header))).toEqual([first.blockHash])
})
