import { expect, test } from 'vitest'
import { genesisText, packedId, proveReceipt } from './testing/tiny-chain.ts'
import { encodeProofFile, verifyProofDocument } from './verify-document.ts'

test('ok', () => {
  const proof = proveReceipt(packedId, { items: 'all', entries: 'all', components: 'all' })!
  const text = encodeProofFile({ kind: 'receipt', ...proof })
  console.log(text.length)
  expect(verifyProofDocument(genesisText, text)).toMatchObject({ ok: true })
})
