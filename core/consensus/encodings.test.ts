import { describe, expect, test } from 'vitest'
import { type Codec, CodecError, decode, encode, Sampler, toHex } from '../codec/index.ts'
import { expectFrozen } from '../codec/testing/freeze.ts'
import { taggedHash } from '../crypto/index.ts'
import { evidence } from './evidence.ts'
import { journalRecord } from './journal.ts'
import { type ConsensusMessage, certificatesPerMessageMax, consensusMessage, votesPerMessageMax } from './messages.ts'
import { certificateBy, voteOf } from './testing/test-engine.ts'
import { signedVote } from './votes.ts'

describe('frozen forms', () => {
  for (const [name, codec] of Object.entries({ evidence, signedVote })) {
    test(`behavior: ${name} is encoded as it was when it was settled`, () => {
      expectFrozen(`consensus/${name}`, codec as Codec<unknown>)
    })
  }

  test('behavior: messages and journal records are put together as they were when they were settled', () => {
    expect({ consensusMessage: digest(consensusMessage), journalRecord: digest(journalRecord) }).toMatchInlineSnapshot(`
      {
        "consensusMessage": "6e407a09eb7346b1c048ad7cd91a87d8afe21db703a7cb284e0395718e192015",
        "journalRecord": "396f72ddefe52724909e92b6b6f0d19f7b4fc4783785df49cced105b2865098f",
      }
    `)
  })
})

function digest<T>(codec: Codec<T>): string {
  const sampler = new Sampler(1n)
  const hashes = Array.from({ length: 40 }, () => {
    const bytes = encode(codec, codec.sample(sampler))
    expect(encode(codec, decode(codec, bytes))).toEqual(bytes)
    return taggedHash('sample', bytes)
  })
  return toHex(taggedHash('samples', ...hashes))
}

function message(content: ConsensusMessage['content']): ConsensusMessage {
  return { epoch: 0, executedHeight: 0, finalizedHeight: 0, content }
}

describe('limits', () => {
  test('error: more votes or certificates than a message holds are refused', () => {
    const votes = Array.from({ length: votesPerMessageMax + 1 }, () => voteOf(0, 'nullify', 1))
    expect(() => encode(consensusMessage, message({ kind: 'votes', votes }))).toThrow(CodecError)
    const nullification = certificateBy([0, 1, 2], 'nullification', 1)
    const certificates = Array.from({ length: certificatesPerMessageMax + 1 }, () => nullification)
    expect(() => encode(consensusMessage, message({ kind: 'certificates', certificates }))).toThrow(CodecError)
  })

  test('error: an unknown kind, a cut message and bytes behind it are refused', () => {
    const bytes = encode(consensusMessage, message({ kind: 'requestViews', from: 1, to: 2 }))
    expect(() => decode(consensusMessage, bytes.slice(0, -1))).toThrow(CodecError)
    expect(() => decode(consensusMessage, Uint8Array.of(...bytes, 0))).toThrow(CodecError)
    const unknown = bytes.slice()
    unknown[24] = 200
    expect(() => decode(consensusMessage, unknown)).toThrow(CodecError)
  })
})
