import { describe, expect, it } from 'vitest'
import { type Codec, encode, Sampler, toHex } from '../codec/index.ts'
import { expectFrozen } from '../codec/testing/freeze.ts'
import { taggedHash } from '../crypto/index.ts'
import {
  accountRecord,
  action,
  assetRecord,
  authorizer,
  batch,
  batchHeader,
  block,
  certificate,
  disclosedField,
  entry,
  envelope,
  finalityProof,
  genesis,
  header,
  historyRecord,
  holdRecord,
  memberRecord,
  nestedKey,
  nestedRoot,
  parameters,
  policy,
  positionRecord,
  proofDocument,
  receipt,
  receiptEvent,
  receiptItem,
  recentIdRecord,
  reference,
  referenceRecord,
  resultCode,
  stateKey,
  storedTransaction,
  ticketRecord,
  transactionBody,
  validator,
  witness,
} from './index.ts'

/** The forms that others are made of; what is in none of these is in one of the large ones. */
const forms = {
  accountRecord,
  action,
  assetRecord,
  authorizer,
  batchHeader,
  certificate,
  disclosedField,
  entry,
  envelope,
  finalityProof,
  header,
  historyRecord,
  holdRecord,
  memberRecord,
  nestedKey,
  nestedRoot,
  parameters,
  policy,
  positionRecord,
  receipt,
  receiptEvent,
  receiptItem,
  recentIdRecord,
  reference,
  referenceRecord,
  resultCode,
  stateKey,
  ticketRecord,
  validator,
  witness,
}

describe('frozen forms', () => {
  for (const [name, codec] of Object.entries(forms)) {
    it(`behavior: ${name} is encoded as it was when it was settled`, () => {
      expectFrozen(`protocol/${name}`, codec as unknown as Codec<unknown>)
    })
  }

  // Large values: few samples fix the order of their fields, and what they consist of is frozen above.
  it('behavior: the large forms are put together as they were when they were settled', () => {
    expect(
      digests({ batch, block, genesis, proofDocument, storedTransaction, transactionBody }),
    ).toMatchInlineSnapshot(`
      {
        "batch": "4f4883a4f2befb10ea47d3a389a49140e8422e0db25d6d9cea9169c3d5c3d7aa",
        "block": "6cdea5300879472593f954060a0d1b8630701712e09c714edb1db91fb359aaf5",
        "genesis": "d7023b5bb466986ac404f462ecbce35f23dbe7945db77fa1d64df0df838d15b9",
        "proofDocument": "2ec267e6fc8002658bfc07972bff6df0dac3c2ff47ab1860bdd52a1adaa838a6",
        "storedTransaction": "cdde62ea84576f20033f22a20539c0069548b7a01c918502dc20a6e8d5162383",
        "transactionBody": "574005fcc9e6ba4b514cf7ad8f10881228ab4a3017da8aa9e62bb44f79d0d39a",
      }
    `)
  })
})

function digests(large: Record<string, unknown>): Record<string, string> {
  const digestOf = (codec: Codec<unknown>): string => {
    const sampler = new Sampler(1n)
    const hashes = Array.from({ length: 40 }, () => taggedHash('sample', encode(codec, codec.sample(sampler))))
    return toHex(taggedHash('samples', ...hashes))
  }
  return Object.fromEntries(Object.entries(large).map(([name, codec]) => [name, digestOf(codec as Codec<unknown>)]))
}
