import { describe, expect, test } from 'vitest'
import type { Block, Finalization, Proposal } from '../protocol/index.ts'
import type { MessageContent } from './messages.ts'
import {
  batchItem,
  blockOn,
  certificateBy,
  followerOf,
  genesisHeader,
  leaderAt,
  othersThan,
  peerOf,
  proposalOf,
  TestEngine,
} from './testing/test-engine.ts'

const self = followerOf(1)
const signers = othersThan(self)
const from = signers[0]!

const blocks: Block[] = []
const proposals: Proposal[] = []
for (let height = 1; height <= 5; height++) {
  const made = blockOn(blocks.at(-1)?.header ?? genesisHeader, [batchItem(height)])
  proposals.push(proposalOf(height, made, proposals.at(-1)))
  blocks.push(made)
}
const finalizationOf = (height: number): Finalization =>
  certificateBy(signers, 'finalization', proposals[height - 1]!) as Finalization

function range(first: number, last: number, bodies = last - first + 1): Extract<MessageContent, { kind: 'finalized' }> {
  const { proposal, quorum } = finalizationOf(last)
  const some = blocks.slice(first - 1, last)
  return {
    kind: 'finalized',
    finalization: { proposal, quorum },
    headers: some.map(({ header }) => header),
    payloads: some.slice(0, bodies).map(({ payload }) => payload),
  }
}

describe('catch-up', () => {
  test('a finalization whose blocks are missing is answered by a range, verified and committed in order', () => {
    const engine = new TestEngine({ self })
    engine.message(from, { kind: 'certificates', certificates: [finalizationOf(5)] }, 5, 5)
    expect(engine.consensus.status()).toMatchObject({ view: 6, floor: 0 })
    engine.pass(50)
    expect(
      engine
        .of('send')
        .some(({ message: { content } }) => content.kind === 'requestFinalized' && content.fromHeight === 1),
    ).toBe(true)
    engine.message(from, range(1, 3), 5, 5)
    engine.message(from, range(4, 5), 5, 5)
    const heights = engine.of('commit').map(({ commit }) => commit.blocks.map(({ header }) => header.height))
    expect(heights).toEqual([
      [1, 2, 3],
      [4, 5],
    ])
    expect(engine.consensus.status()).toMatchObject({ floor: 5, finalizedHeight: 5 })
  })

  test('bodies that a range leaves out are fetched by hash', () => {
    const engine = new TestEngine({ self })
    engine.message(from, range(1, 3, 1), 3, 3)
    expect(engine.of('commit')).toEqual([])
    for (const missing of [blocks[2]!, blocks[1]!]) {
      engine.pass(100)
      engine.message(from, { kind: 'block', block: missing }, 3, 3)
    }
    expect(engine.of('commit').length).toBe(1)
  })

  test('what comes while a block is missing far below costs the same, however much has come', () => {
    const engine = new TestEngine({ self })
    let made = blocks[0]!
    let proposal = proposals[0]!
    const lookups: number[] = []
    for (let view = 2; lookups.length < 400; view++) {
      if (leaderAt(view) === self) continue
      made = blockOn(made.header, [batchItem(view % 256)])
      proposal = proposalOf(view, made, proposal)
      const certificate = certificateBy(signers, 'finalization', proposal)
      lookups.push(
        countLookups(() => {
          engine.propose(proposal, made)
          engine.message(from, { kind: 'certificates', certificates: [certificate] }, 0, made.header.height)
        }),
      )
    }
    // Some hundred views are looked at each time; walking down from each would take tens of thousands.
    expect(Math.max(...lookups)).toBeLessThan(3_000)
    engine.message(from, range(1, 1), 0, made.header.height)
    expect(engine.consensus.status()).toMatchObject({ finalizedHeight: 401, floor: proposal.view })
  })

  test('a block that nobody asked for is not stored', () => {
    const engine = new TestEngine({ self })
    engine.message(from, { kind: 'block', block: blocks[0]! })
    engine.message(from, { kind: 'certificates', certificates: [finalizationOf(1)] })
    expect(engine.of('commit')).toEqual([])
  })

  const lies: [string, Extract<MessageContent, { kind: 'finalized' }>][] = [
    ['headers that do not link', { ...range(1, 3), headers: [blocks[0]!.header, blocks[2]!.header] }],
    ['a finalization of another block', { ...range(1, 3), headers: range(1, 2).headers, payloads: [] }],
    ['a payload that its header does not name', { ...range(1, 3), payloads: [blocks[1]!.payload] }],
    ['no headers', { ...range(1, 3), headers: [], payloads: [] }],
    [
      'a wrong finalization',
      {
        ...range(1, 3),
        finalization: {
          ...range(1, 3).finalization,
          quorum: { ...finalizationOf(3).quorum, signatures: [0, 1, 2].map(() => new Uint8Array(64)) },
        },
      },
    ],
  ]
  for (const [what, lie] of lies) {
    test(`error: ${what} costs the peer its connection, and the next peer is believed`, () => {
      const engine = new TestEngine({ self })
      engine.message(from, lie, 3, 3)
      expect(engine.of('disconnect').map(({ peer }) => peer)).toEqual([peerOf(from).id])
      expect(engine.of('commit')).toEqual([])
      engine.message((from + 1) % 4 === self ? (from + 2) % 4 : (from + 1) % 4, range(1, 3), 3, 3)
      expect(engine.of('commit').length).toBe(1)
    })
  }

  test('a finalized chain beside the own final chain halts the node', () => {
    const engine = new TestEngine({ self })
    engine.message(from, range(1, 1), 1, 1)
    const other = blockOn(genesisHeader, [batchItem(9)])
    const next = blockOn(other.header, [batchItem(8)])
    const parent = proposalOf(2, other)
    const { proposal, quorum } = certificateBy(signers, 'finalization', proposalOf(3, next, parent)) as Finalization
    const headers = [other.header, next.header]
    engine.message(from, { kind: 'finalized', finalization: { proposal, quorum }, headers, payloads: [] }, 3, 3)
    expect(engine.of('halt').map(({ diagnosis }) => diagnosis.code)).toEqual(['CONSENSUS_CONFLICT'])
  })

  test('requests are answered: views from memory, final blocks by the shell', () => {
    const engine = new TestEngine({ self })
    engine.message(from, { kind: 'certificates', certificates: [certificateBy(signers, 'nullification', 1)] })
    engine.effects = []
    engine.message(from, { kind: 'requestViews', from: 1, to: 2 ** 40 })
    engine.message(from, { kind: 'requestBlock', hash: proposals[0]!.blockHash })
    engine.message(from, { kind: 'requestFinalized', fromHeight: 1 })
    expect(engine.effects.map(({ kind }) => kind)).toEqual(['send', 'send', 'serveBlock', 'serveFinalized'])
  })
})

/** How often anything is looked up in a map meanwhile. */
function countLookups(run: () => void): number {
  const { get } = Map.prototype
  let count = 0
  Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown) {
    count++
    return get.call(this, key)
  }
  try {
    run()
  } finally {
    Map.prototype.get = get
  }
  return count
}
