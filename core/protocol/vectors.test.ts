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
  signedRequest,
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
  signedRequest,
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
        "batch": "11837962b61e6669a9b0ddd8bfc09ec6b0b2b6754b6b33fd4e9b10dcf6e0eeb4",
        "block": "d48b5ba087943c88d41ee2fee7e6406e458861bc56638df74556eab5f668ce08",
        "genesis": "9888e9326ac5cf54109706f57c4cdfbe3a706e6266b73496e74bae6650a01e26",
        "proofDocument": "50d73e36ddf27eaef8194a4c45c6fdb7100b9ad0e81cf666a297f2c0e2979eb5",
        "storedTransaction": "1acc116fa6a5c877d88444a767607c8f645f79bb70900c3e8632fe346ce88afc",
        "transactionBody": "2c0ab7b91427e39ef69794298ad81ab970286c5c80d8c0840dc8c1f6a9062026",
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
