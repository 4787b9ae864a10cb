import { compareBytes, encode, toHex } from '@tallystick/core/codec'
import { verifyEd25519 } from '@tallystick/core/crypto'
import {
  accountIdOf,
  authorizer,
  commitmentFromField,
  commitmentOf,
  requiredLimits,
  signingMessage,
  singleKeyPolicy,
  transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { generateKey, keyFromSeed } from '../keys/key.ts'
import type { Signer } from '../keys/signer.ts'
import { alice, bank, bob, carol, euro, packed, packedId, proveReceipt } from '../testing/tiny-chain.ts'
import { issue, makeAction, openAccount, transfer } from './actions.ts'
import { buildTransaction, eachAlone, oneGroup } from './build.ts'
import { isCommitmentTo, paymentFields, withDisclosure } from './disclosure.ts'
import { paymentReferenceKey, paymentSalt, referenceKey } from './payment-secrets.ts'
import { mergeSignatures, signTransaction } from './sign.ts'

const ledger = packed.body.ledger
const pay = transfer({ debit: alice, credit: bob, asset: euro, amount: 5n })
const plan = {
  ledger,
  groups: oneGroup([pay]),
  authorizers: [carol, alice, bob].map((account) => ({ kind: 'account', account }) as const),
  payer: bank,
  validUntilMs: 1_760_000_000_000,
}

test('a built transaction is canonical: authorizers sorted, limits as needed, a nonce of its own', () => {
  const body = buildTransaction(plan)
  const encodings = body.authorizers.map((value) => encode(authorizer, value))
  expect(encodings).toEqual([...encodings].sort(compareBytes))
  expect(body.limits).toEqual(requiredLimits(body))
  expect(body.nonce).toHaveLength(16)
  expect(transactionIdOf(buildTransaction(plan))).not.toEqual(transactionIdOf(body))
  expect(transactionIdOf(buildTransaction({ ...plan, nonce: body.nonce }))).toEqual(transactionIdOf(body))
})

test('error: what the protocol refuses is refused before it is signed, with the field', () => {
  const wrong = (groups: typeof plan.groups) => () => buildTransaction({ ...plan, groups })
  expect(wrong(oneGroup([{ ...pay, amount: 0n }]))).toThrow(/groups\[0\]\.actions\[0\]\.transfer\.amount/)
  expect(wrong([])).toThrow(expect.objectContaining({ code: 'CLIENT_TRANSACTION_INVALID' }))
  expect(wrong(eachAlone(Array.from({ length: 8_193 }, () => pay)))).toThrow(/CLIENT|at most/)
  const twice = [plan.authorizers[0]!, plan.authorizers[0]!]
  expect(() => buildTransaction({ ...plan, authorizers: twice })).toThrow(/authorizers/)
})

test('signatures are over ledger and id, sorted by key, whatever the order of the signers', async () => {
  const keys = [generateKey(), generateKey(), generateKey()]
  const body = buildTransaction(plan)
  const signed = await signTransaction(body, keys)
  const message = signingMessage(ledger, transactionIdOf(body))
  expect(signed.witness).toHaveLength(3)
  for (const { signature, publicKey } of signed.witness) expect(verifyEd25519(signature, message, publicKey)).toBe(true)
  expect(encode(transaction, signed)).toEqual(encode(transaction, await signTransaction(body, keys.reverse())))
})

test('signatures that are collected one by one make the same transaction', async () => {
  const [a, b] = [generateKey(), generateKey()]
  const body = buildTransaction(plan)
  const first = await signTransaction(body, [a])
  const second = await signTransaction(body, [b])
  const both = await signTransaction(body, [a, b])
  expect(mergeSignatures(second, first.witness)).toEqual(both)
  expect(mergeSignatures(both, first.witness)).toEqual(both)
})

test('any signer fits: one that asks a device, and one that fails', async () => {
  const key = generateKey()
  const device: Signer = {
    scheme: 'ed25519',
    publicKey: key.publicKey,
    sign: async (message) => key.sign(message),
  }
  const body = buildTransaction(plan)
  expect(await signTransaction(body, [device])).toEqual(await signTransaction(body, [key]))
  const broken: Signer = { ...device, sign: () => Promise.reject(new Error('the card is gone')) }
  await expect(signTransaction(body, [broken])).rejects.toMatchObject({ code: 'CLIENT_SIGNER_FAILED' })
})

test('error: a seed of another length is no key', () => {
  expect(() => keyFromSeed(new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'CLIENT_KEY_INVALID' }))
})

test('an account is known before it is opened', () => {
  const key = generateKey()
  const owner = { scheme: key.scheme, publicKey: key.publicKey }
  const salt = new Uint8Array(32).fill(3)
  const { account, action } = openAccount({ member: bank, accountKind: 'customer', owner, salt })
  expect(account).toEqual(accountIdOf(bank, singleKeyPolicy(owner), salt))
  expect(action).toMatchObject({ kind: 'open-account', parent: undefined, commitment: undefined })
})

test('fields that may be absent may be left out, and every action encodes', () => {
  const actions = [
    pay,
    issue({ asset: euro, credit: alice, amount: 1n }),
    makeAction('close-account', { account: alice }),
    makeAction('create-asset', {
      issuer: bank,
      code: 'EUR',
      name: 'Euro',
      assetKind: 'fungible',
      decimals: 2,
      issuanceAccount: bob,
    }),
    makeAction('hold', { debit: alice, credit: bob, asset: euro, amount: 1n, expiresMs: 1, controller: alice }),
  ]
  expect(buildTransaction({ ...plan, groups: eachAlone(actions) }).groups).toHaveLength(5)
  expect(() => makeAction('governance-vote', { payload: new Uint8Array(0) })).toThrow(/not active/)
})

const secret = new Uint8Array(32).fill(8)
const payment = { debtorAccount: 'DE1', messageId: 'M', paymentInformationId: 'P', instruction: '1' }

test('references and salts depend on every part, on its place and on the secret', () => {
  const keys = [
    referenceKey(secret, 'ab', 'c'),
    referenceKey(secret, 'a', 'bc'),
    referenceKey(secret, 'abc'),
    referenceKey(secret, 'abc', ''),
    referenceKey(new Uint8Array(32), 'abc'),
    paymentReferenceKey(secret, payment),
    paymentReferenceKey(secret, { ...payment, instruction: '2' }),
    paymentSalt(secret, payment, 'creditor.name'),
    paymentSalt(secret, payment, 'remittance'),
  ].map(toHex)
  expect(new Set(keys).size).toBe(keys.length)
  expect(toHex(paymentReferenceKey(secret, { ...payment }))).toBe(keys[5])
})

test('frozen: the same payment has the same reference on every machine and in every version', () => {
  expect(toHex(paymentReferenceKey(secret, payment))).toMatchInlineSnapshot(
    `"9432ca9d1227ed6517717d2ede0cd5ca81d798bab01553ab25773231d72ea652"`,
  )
  expect(toHex(paymentSalt(secret, payment, 'creditor.name'))).toMatchInlineSnapshot(
    `"bcd9af8a7481633e6424c5c10c88c69e88681f8826553740c9356613a5dfc2cb"`,
  )
})

test('a field is shown without the others', () => {
  const fields = paymentFields(secret, payment, [
    { name: 'creditor.name', value: 'Bob' },
    { name: 'remittance', value: 'Invoice 7' },
  ])
  expect(isCommitmentTo(commitmentOf(fields), fields)).toBe(true)
  const proof = proveReceipt(packedId, { items: [], entries: [], events: 'all', components: [1] })!
  const shown = withDisclosure(proof, 0, fields, ['remittance']).disclosures[0]?.fields[0]
  expect(shown?.field.value).toBe('Invoice 7')
  expect(shown && commitmentFromField(shown)).toEqual(commitmentOf(fields))
  expect(() => withDisclosure(proof, 1, fields, ['remittance'])).toThrow(
    expect.objectContaining({ code: 'CLIENT_PROOF_INCOMPLETE' }),
  )
})
