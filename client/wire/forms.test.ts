import { decode, encode } from '@tallystick/core/codec'
import { expect, test } from 'vitest'
import * as ofNode from '../../node/api/wire.ts'
import { failed, packed, packedId, proveReceipt } from '../testing/tiny-chain.ts'
import * as ofClient from './forms.ts'

test('client and node have the same binary forms', () => {
  const transactions = [packed, failed]
  const sent = encode(ofClient.submission, transactions)
  expect(decode(ofNode.submission, sent)).toEqual(transactions)
  const proof = proveReceipt(packedId, { items: 'all', entries: 'all', components: 'all' })!
  const outcomes: ofNode.ProofOutcome[] = [
    { kind: 'proven', proof },
    { kind: 'pending' },
    { kind: 'unknown' },
    { kind: 'left-out' },
  ]
  expect(decode(ofClient.proofOutcomes, encode(ofNode.proofOutcomes, outcomes))).toEqual(outcomes)
  expect(ofClient.submissionTransactionsMax).toBe(ofNode.submissionTransactionsMax)
  expect(ofClient.answerProofsMax).toBe(ofNode.answerProofsMax)
})
