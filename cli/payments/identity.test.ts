import { paymentFields, paymentReferenceKey } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { commitmentOf } from '@tallystick/core/protocol'
import type { CreditTransfer } from '@tallystick/iso20022'
import { describe, expect, it } from 'vitest'
import { disclosedValues } from './disclosed-values.ts'
import { businessDayOf, dateOfDay, identityOf } from './identity.ts'

const secret = new Uint8Array(32).map((_, i) => i)
const payment: CreditTransfer = {
  ordinal: 7,
  ordinalInPaymentInformation: 3,
  paymentInformationOrdinal: 2,
  line: 120,
  messageId: 'MSG-2026-0001',
  paymentInformationId: 'PMT-2',
  endToEndId: 'NOTPROVIDED',
  businessDate: '2026-11-20',
  debtor: {
    name: 'Grünwald Tooling GmbH',
    lei: '9845TALLYALPINE00007',
    account: { iban: 'DE02120300000000202051' },
    agentBic: 'ALPNAT2GXXX',
  },
  creditor: { name: 'Anna Alm', account: { other: { id: '4711' } } },
  currency: 'EUR',
  amountMinor: 123_456n,
  categoryPurpose: 'SALA',
  remittance: {
    unstructured: ['Salary 2026-11'],
    structured: [
      {
        reference: 'RF18539007547034',
        documents: [{ number: '2026-1', type: 'CINV', date: '2026-01-02' }],
        additional: ['x'],
      },
    ],
  },
}

const keyOf = (value: CreditTransfer): string => toHex(paymentReferenceKey(secret, identityOf(value)))

describe('the reference of a payment', () => {
  // A changed value would make every file of today payable a second time tomorrow.
  it('is frozen', () => {
    expect(keyOf(payment)).toMatchInlineSnapshot(`"eba23570a5c86f8e154263a045be83f9aa1ca7e39de94e07d80345193b6018fb"`)
    expect(keyOf({ ...payment, instructionId: 'I-7' })).toMatchInlineSnapshot(
      `"baf130e48483a7b7905cfed9c9b84c7339377d2b5c819128bec904a140bc774d"`,
    )
  })

  it('follows from debtor account, message, payment information and InstrId or place; from nothing else', () => {
    const { line: _, ...rest } = payment
    const same = {
      ...rest,
      line: 1,
      ordinal: 99,
      paymentInformationOrdinal: 9,
      endToEndId: 'E',
      amountMinor: 1n,
      businessDate: '2026-11-21',
    }
    expect(keyOf(same)).toBe(keyOf(payment))
    const others = [
      { messageId: 'MSG-2026-0002' },
      { paymentInformationId: 'PMT-3' },
      { ordinalInPaymentInformation: 4 },
      { instructionId: '3' },
      { debtor: { account: { iban: 'DE75512108001245126199' } } },
    ]
    const keys = others.map((change) => keyOf({ ...payment, ...change }))
    expect(new Set([keyOf(payment), ...keys]).size).toBe(others.length + 1)
  })

  it('differs from one bank to another', () => {
    expect(toHex(paymentReferenceKey(new Uint8Array(32), identityOf(payment)))).not.toBe(keyOf(payment))
  })
})

describe('the commitment of a payment', () => {
  const values = disclosedValues(payment)!

  it('is frozen, with the names and the order of its fields', () => {
    expect(values).toMatchInlineSnapshot(`
      [
        {
          "name": "message.id",
          "value": "MSG-2026-0001",
        },
        {
          "name": "paymentInformation.id",
          "value": "PMT-2",
        },
        {
          "name": "endToEnd.id",
          "value": "NOTPROVIDED",
        },
        {
          "name": "debtor.name",
          "value": "Grünwald Tooling GmbH",
        },
        {
          "name": "debtor.lei",
          "value": "9845TALLYALPINE00007",
        },
        {
          "name": "debtor.account",
          "value": "IBAN:DE02120300000000202051",
        },
        {
          "name": "debtor.agent",
          "value": "ALPNAT2GXXX",
        },
        {
          "name": "creditor.name",
          "value": "Anna Alm",
        },
        {
          "name": "creditor.account",
          "value": "OTHR:4711",
        },
        {
          "name": "categoryPurpose",
          "value": "SALA",
        },
        {
          "name": "remittance.unstructured.1",
          "value": "Salary 2026-11",
        },
        {
          "name": "remittance.structured.1.reference",
          "value": "RF18539007547034",
        },
        {
          "name": "remittance.structured.1.document.1.number",
          "value": "2026-1",
        },
        {
          "name": "remittance.structured.1.document.1.type",
          "value": "CINV",
        },
        {
          "name": "remittance.structured.1.document.1.date",
          "value": "2026-01-02",
        },
        {
          "name": "remittance.structured.1.additional.1",
          "value": "x",
        },
      ]
    `)
    expect(toHex(commitmentOf(paymentFields(secret, identityOf(payment), values)))).toMatchInlineSnapshot(
      `"de94ddb18ff4ab16c0b12873bfdf7c15c3b50274b620a1879f35c9c35735845b"`,
    )
  })

  it('gives every field a salt of its own', () => {
    const salts = paymentFields(secret, identityOf(payment), values).map(({ salt }) => toHex(salt))
    expect(new Set(salts).size).toBe(values.length)
  })

  it('is refused where the data does not fit, instead of being cut', () => {
    const long = { unstructured: ['x'.repeat(2_049)], structured: [] }
    const many = { unstructured: Array.from({ length: 65 }, () => 'x'), structured: [] }
    expect(disclosedValues({ ...payment, remittance: long })).toBeUndefined()
    expect(disclosedValues({ ...payment, remittance: many })).toBeUndefined()
  })
})

it('a business day is the number of days since 1970', () => {
  expect(businessDayOf('1970-01-02')).toBe(1)
  expect(dateOfDay(businessDayOf('2028-02-29'))).toBe('2028-02-29')
})
