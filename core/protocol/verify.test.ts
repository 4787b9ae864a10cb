import { describe, expect, it } from 'vitest'
import { CodecError, decode, decodeJsonText, encode, encodeJsonText, equalBytes } from '../codec/index.ts'
import {
  type Anchor,
  blindingSalt,
  blockHashOf,
  componentSalt,
  type MemberId,
  type ProofDocument,
  ProofError,
  type ProofErrorCode,
  proofDocument,
  type ReceiptProof,
  type StateProof,
  verifyAnchor,
  verifyBlockProof,
  verifyReceiptProof,
  verifyStateProof,
} from './index.ts'
import {
  anchorOf,
  blockProofOf,
  bodyOf,
  finalize,
  hashOf,
  headerOf,
  receiptProofOf,
  stateProofOf,
  trust,
} from './testing/world.ts'

function verify(document: ProofDocument): void {
  if (document.kind === 'receipt') verifyReceiptProof(trust, document)
  else if (document.kind === 'state') verifyStateProof(trust, document)
  else verifyBlockProof(trust, document)
}

const documents: ProofDocument[] = [
  { kind: 'receipt', ...receiptProofOf() },
  { kind: 'state', ...stateProofOf() },
  { kind: 'block', ...blockProofOf() },
]

/** The code of the link that fails, or of the form; anything else is a defect of the verifier. */
function refusal(run: () => void): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ProofError || error instanceof CodecError) return error.code
    throw error
  }
  return 'accepted'
}

/**
 * An absence is a true statement of every key that leads to the same empty place, and the key is the verifier's question.
 * So a changed key of an absence may pass; everything else must not.
 */
function withoutAbsentKeys(document: ProofDocument): ProofDocument {
  if (document.kind !== 'state') return document
  const noKey = { kind: 'member', member: trust.ledger as Uint8Array as MemberId } as const
  const noNestedKey = { kind: 'reference', member: noKey.member, key: trust.ledger } as const
  const entries = document.entries.map((entry) => {
    if (entry.record === undefined) return { ...entry, key: noKey }
    const { nested } = entry
    return nested?.record === undefined && nested ? { ...entry, nested: { ...nested, key: noNestedKey } } : entry
  })
  return { ...document, entries }
}

function isSameClaim(a: ProofDocument, b: ProofDocument): boolean {
  return equalBytes(encode(proofDocument, withoutAbsentKeys(a)), encode(proofDocument, withoutAbsentKeys(b)))
}

describe('proofs', () => {
  for (const document of documents) {
    it(`default: a ${document.kind} proof is accepted, also after both of its forms`, () => {
      verify(document)
      verify(decode(proofDocument, encode(proofDocument, document)))
      verify(decodeJsonText(proofDocument, encodeJsonText(proofDocument, document)))
    })

    it(`behavior: a ${document.kind} proof is refused after any one byte of its binary form is changed`, () => {
      const bytes = encode(proofDocument, document)
      const accepted: number[] = []
      for (let at = 0; at < bytes.length; at++) {
        for (const flip of [0x01, 0x80]) {
          const changed = bytes.slice()
          changed[at]! ^= flip
          if (refusal(() => verify(decode(proofDocument, changed))) !== 'accepted') continue
          if (!isSameClaim(decode(proofDocument, changed), document)) accepted.push(at)
        }
      }
      expect(accepted).toEqual([])
    })

    it(`behavior: a ${document.kind} proof is refused after any one character of its text is changed`, () => {
      const text = encodeJsonText(proofDocument, document)
      const accepted: string[] = []
      // Every 3rd character, and each time another replacement: digits, letters, punctuation and white space all come up.
      for (let at = 0; at < text.length; at += 3) {
        const replacement = '0f1 e"A}'[at % 8]!
        if (text[at] === replacement) continue
        const changed = text.slice(0, at) + replacement + text.slice(at + 1)
        if (refusal(() => verify(decodeJsonText(proofDocument, changed))) !== 'accepted') continue
        if (!isSameClaim(decodeJsonText(proofDocument, changed), document)) accepted.push(text.slice(at - 30, at + 30))
      }
      expect(accepted).toEqual([])
    })
  }
})

describe('verifyAnchor', () => {
  const anchor = anchorOf({ height: 3, stateRoot: hashOf('state'), historyRoot: hashOf('history') })
  const names = ['w0', 'w1']

  it('default: returns the trust in the epoch of the header', () => {
    expect(verifyAnchor(trust, anchor).epoch).toBe(1)
  })

  const boundary = anchor.epochs[0]!
  const cases: [string, ProofErrorCode, Partial<Anchor>][] = [
    ['another ledger', 'PROOF_OF_OTHER_LEDGER', { ledger: hashOf('other') as Anchor['ledger'] }],
    [
      'a header of another ledger',
      'PROOF_OF_OTHER_LEDGER',
      { header: { ...anchor.header, ledger: hashOf('other') as Anchor['ledger'] } },
    ],
    ['a missing epoch', 'PROOF_EPOCH', { epochs: [] }],
    ['an epoch too many', 'PROOF_EPOCH', { epochs: [boundary, boundary] }],
    ['a boundary that names no next epoch', 'PROOF_EPOCH', ordinary()],
    [
      'other validators than the boundary commits to',
      'PROOF_EPOCH',
      { epochs: [{ ...boundary, next: [...boundary.next].reverse() }] },
    ],
    ['another header than the certificate names', 'PROOF_HEADER', { header: { ...anchor.header, timeMs: 1 } }],
    ['too little stake', 'PROOF_CERTIFICATE', { finality: finalize(anchor.header, ['w0'], names) }],
    [
      'too little stake at the boundary',
      'PROOF_CERTIFICATE',
      { epochs: [{ ...boundary, finality: finalize(boundary.header, ['v0', 'v1']) }] },
    ],
  ]
  for (const [what, code, change] of cases) {
    it(`error: ${what}`, () => {
      expect(refusal(() => verifyAnchor(trust, { ...anchor, ...change }))).toBe(code)
    })
  }

  it('error: one wrong signature among enough right ones', () => {
    const finality = finalize(boundary.header, ['v0', 'v1', 'v2', 'v3'])
    finality.quorum.signatures[3]![0]! ^= 1
    const epochs = [{ ...boundary, finality }]
    expect(refusal(() => verifyAnchor(trust, { ...anchor, epochs }))).toBe('PROOF_CERTIFICATE')
  })

  it('error: a bitmap with a signer too many, or bits beyond the set', () => {
    for (const bits of [0b1111, 0b11101]) {
      const finality = finalize(boundary.header, ['v0', 'v2', 'v3'])
      finality.quorum.signers[0] = bits
      const epochs = [{ ...boundary, finality }]
      expect(refusal(() => verifyAnchor(trust, { ...anchor, epochs }))).toBe('PROOF_CERTIFICATE')
    }
  })

  function ordinary(): Partial<Anchor> {
    const header = headerOf({ height: 2 })
    return { epochs: [{ ...boundary, header, finality: finalize(header, ['v0', 'v2', 'v3']) }] }
  }
})

describe('verifyReceiptProof', () => {
  const proof = receiptProofOf()
  const cases: [string, ProofErrorCode, Partial<ReceiptProof>][] = [
    [
      'another history',
      'PROOF_HISTORY',
      { history: { ...proof.history, record: { ...proof.history.record, height: 1 } } },
    ],
    ['another receipt', 'PROOF_RECEIPT', { receipt: { ...proof.receipt, result: 'INSUFFICIENT_FUNDS' } }],
    [
      'another place',
      'PROOF_RECEIPT',
      { receipt: { ...proof.receipt, position: { ...proof.receipt.position, height: 3 } } },
    ],
    ['another number of receipts', 'PROOF_RECEIPT', { receiptCount: 4 }],
    ['an item of another action', 'PROOF_ITEM', { items: [{ ...proof.items[0]!, path: proof.items[1]!.path }] }],
    ['another event', 'PROOF_EVENT', { events: [{ ...proof.events[0]!, index: 0 }] }],
    ['an entry at another index', 'PROOF_ENTRY', { entries: [{ ...proof.entries[0]!, index: 1 }] }],
    [
      'a component under another salt',
      'PROOF_COMPONENT',
      { components: [{ ...proof.components[0]!, salt: hashOf('x') }], disclosures: [] },
    ],
    ['a disclosure of the envelope', 'PROOF_DISCLOSURE', { disclosures: [{ ...proof.disclosures[0]!, component: 0 }] }],
    [
      'a disclosure of nothing shown',
      'PROOF_DISCLOSURE',
      { disclosures: [{ ...proof.disclosures[0]!, component: 2 }] },
    ],
  ]
  for (const [what, code, change] of cases) {
    it(`error: ${what}`, () => {
      expect(refusal(() => verifyReceiptProof(trust, { ...proof, ...change }))).toBe(code)
    })
  }

  it('behavior: less may be shown', () => {
    verifyReceiptProof(trust, { ...proof, items: [], entries: [], components: [], disclosures: [] })
  })

  it('behavior: one payment of a packed transaction is shown without the other, nor the salts of what is blinded', () => {
    const components = [proof.components[1]!]
    const document: ProofDocument = { kind: 'receipt', ...proof, components, disclosures: [] }
    const shown = Buffer.from(encode(proofDocument, document))
    const { nonce } = bodyOf()
    const has = (part: Uint8Array): boolean => shown.includes(Buffer.from(part))
    expect(has(nonce)).toBe(false)
    for (const index of [0, 1, 2]) expect(has(blindingSalt(nonce, index))).toBe(false)
    expect([0, 1, 2].map((index) => has(componentSalt(nonce, index)))).toEqual([false, false, true])
  })
})

describe('verifyStateProof', () => {
  const proof = stateProofOf()
  const change = (index: number, part: Partial<StateProof['entries'][number]>): StateProof => ({
    ...proof,
    entries: proof.entries.map((entry, i) => (i === index ? { ...entry, ...part } : entry)),
  })
  const cases: [string, StateProof][] = [
    ['a present record passed off as absent', change(0, { record: undefined })],
    ['an absent record passed off as present', change(1, { record: proof.entries[0]!.record })],
    ['the proof of another key', change(0, { proof: proof.entries[1]!.proof })],
    ['a nested key under another kind of record', change(0, { nested: proof.entries[3]!.nested })],
    ['a nested key under an absent record', change(2, { nested: proof.entries[3]!.nested })],
    [
      'a nested record passed off as absent',
      change(3, { nested: { ...proof.entries[3]!.nested!, record: undefined } }),
    ],
    [
      'a nested record under another key',
      change(3, { nested: { ...proof.entries[3]!.nested!, key: proof.entries[4]!.nested!.key } }),
    ],
  ]
  for (const [what, changed] of cases) {
    it(`error: ${what}`, () => {
      expect(refusal(() => verifyStateProof(trust, changed))).toBe('PROOF_STATE')
    })
  }
})

describe('verifyBlockProof', () => {
  it('error: a header that the history does not name', () => {
    const proof = blockProofOf()
    const header = { ...proof.header, timeMs: proof.header.timeMs + 1 }
    expect(refusal(() => verifyBlockProof(trust, { ...proof, header }))).toBe('PROOF_HEADER')
    expect(refusal(() => verifyBlockProof(trust, { ...proof, header, hash: blockHashOf(header) }))).toBe('PROOF_HEADER')
  })
})
