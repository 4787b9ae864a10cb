import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  alice,
  certify,
  disclosed,
  euro,
  genesisText,
  genesisValue,
  headers,
  packedId,
  proveBlock,
  proveReceipt,
  proveState,
} from './testing/tiny-chain.ts'
import { withDisclosure } from './transaction/disclosure.ts'
import { encodeProofFile, verifyProofDocument } from './verify-document.ts'

const proof = withDisclosure(
  proveReceipt(packedId, { items: 'all', entries: 'all', events: 'all', components: 'all' })!,
  0,
  disclosed,
  ['creditor.name'],
)
const receiptFile = encodeProofFile({ kind: 'receipt', ...proof })
// A record that is there: another key that is absent as well has the same proof of absence, and truly so.
const positionKey = { kind: 'position', account: alice, asset: euro } as const
const stateFile = encodeProofFile({ kind: 'state', ...proveState([{ key: positionKey }]) })
const blockFile = encodeProofFile({ kind: 'block', ...proveBlock(1) })

test('a receipt, a state and a block file hold against the genesis file alone', () => {
  for (const file of [receiptFile, stateFile, blockFile]) {
    expect(verifyProofDocument(genesisText, file)).toMatchObject({ ok: true })
  }
})

/** Characters that a careful forger would choose, as they keep the text well-formed. */
function substitutes(character: string): string[] {
  const digits = '0123456789abcdef'
  const at = digits.indexOf(character)
  const near = String.fromCharCode(character.charCodeAt(0) ^ 1)
  return at < 0 ? [near] : [digits[(at + 1) % 10]!, near]
}

/** Every changed text that is accepted, and the links that the refusals name. */
function changes(file: string): { accepted: string[]; links: Set<string> } {
  const accepted: string[] = []
  const links = new Set<string>()
  for (let at = 0; at < file.length; at++) {
    for (const other of substitutes(file[at]!)) {
      if (other === file[at]) continue
      const changed = file.slice(0, at) + other + file.slice(at + 1)
      const verdict = verifyProofDocument(genesisText, changed)
      if (verdict.ok) accepted.push(`${at}: ${file.slice(at - 20, at + 20)}`)
      else if (verdict.link === '' || !/^(PROOF|CODEC)_/.test(verdict.code)) accepted.push(`${at}: no link`)
      else links.add(verdict.link.replace(/\[\d+\].*/, ''))
    }
  }
  return { accepted, links }
}

test('every changed character of a receipt file is refused, and the link is named', () => {
  const { accepted, links } = changes(receiptFile)
  expect(accepted).toEqual([])
  for (const link of [
    'anchor',
    'anchor.header',
    'history',
    'receipt',
    'items',
    'entries',
    'components',
    'disclosures',
  ]) {
    expect(
      [...links].some((name) => name === link || name.endsWith(`.${link}`)),
      link,
    ).toBe(true)
  }
})

test('every changed character of a state or block file is refused, and the link is named', () => {
  expect(changes(stateFile).accepted).toEqual([])
  expect(changes(blockFile).accepted).toEqual([])
})

test('every character left out or put in is refused', () => {
  fc.assert(
    fc.property(
      fc.nat(receiptFile.length - 1),
      fc.constantFrom(' ', '0', ',', 'a', '\n', '\ufeff'),
      (at, character) => {
        const shorter = receiptFile.slice(0, at) + receiptFile.slice(at + 1)
        const longer = receiptFile.slice(0, at) + character + receiptFile.slice(at)
        expect(verifyProofDocument(genesisText, shorter).ok).toBe(false)
        expect(verifyProofDocument(genesisText, longer).ok).toBe(false)
      },
    ),
    { numRuns: 500 },
  )
})

test('every byte of the genesis file counts', () => {
  fc.assert(
    fc.property(fc.nat(genesisText.length - 1), (at) => {
      const other = substitutes(genesisText[at]!)[0]!
      const changed = genesisText.slice(0, at) + other + genesisText.slice(at + 1)
      expect(verifyProofDocument(changed, receiptFile).ok).toBe(false)
    }),
    { numRuns: 500 },
  )
})

test('a certificate with too few signers, or a listed signature that is wrong, is refused', () => {
  const few = { ...proof, anchor: certify(headers[2]!, [0, 3]) }
  expect(verifyProofDocument(genesisText, encodeProofFile({ kind: 'receipt', ...few }))).toMatchObject({
    ok: false,
    code: 'PROOF_CERTIFICATE',
    link: 'anchor.header',
  })
  // Three good signatures are a quorum, yet the fourth that is listed is checked too.
  const four = certify(headers[2]!, [0, 1, 2, 3])
  four.finality.quorum.signatures[3] = four.finality.quorum.signatures[2]!
  expect(verifyProofDocument(genesisText, encodeProofFile({ kind: 'receipt', ...proof, anchor: four })).ok).toBe(false)
  expect(genesisValue.validators).toHaveLength(4)
})

test('what is no proof file is refused with a code', () => {
  const codes = ['', '{}', 'null', '[]', '{"kind":"receipt"}', '['.repeat(100_000)].map((text) => {
    const verdict = verifyProofDocument(genesisText, text)
    return verdict.ok ? 'ok' : `${verdict.code} ${verdict.link}`
  })
  expect(codes.every((code) => /^CODEC_[A-Z_]+ document/.test(code))).toBe(true)
  expect(verifyProofDocument('{}', receiptFile)).toMatchObject({ ok: false, link: expect.stringMatching(/^genesis/) })
})
