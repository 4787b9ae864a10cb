import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { isValidBIC, isValidIBAN } from 'ibantools'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import type { CreditTransfer } from '../pain001/model.ts'
import { readPain001 } from '../pain001/read.ts'
import { BLOCK_TIME_MS, read } from '../pain001/testing/small-file.ts'
import { readSample, SCHEMA_FILES, samplesAreMissing } from '../table/testing/read-xsd.ts'
import { isLeiChecksumRight } from '../values/lei.ts'
import { exampleAccounts } from './accounts.ts'
import { generateExample } from './generate.ts'
import { type ExampleOptions, planExample } from './plan.ts'

const CURRENCIES = ['EUR', 'USD', 'CHF', 'GBP', 'JPY']
const accounts = (kind: 'company' | 'person', count: number, seed = 'test') =>
  CURRENCIES.flatMap((currency) => exampleAccounts({ seed: `${seed}/${count}`, currency, kind, count }))

const OPTIONS: ExampleOptions = {
  businessDate: '2026-11-20',
  messageId: 'TALLYSTICK-20261120-1',
  debtors: accounts('company', 2),
  creditors: [...accounts('company', 12), ...accounts('person', 20)],
  payments: 500,
}

async function paymentsOf(xml: string): Promise<CreditTransfer[]> {
  const result = await read(xml)
  expect([result.problems, result.warnings]).toEqual([[], []])
  const payments: CreditTransfer[] = []
  for await (const payment of result.payments()) payments.push(payment)
  return payments
}

describe.each(['pain.001.001.09', 'pain.001.001.03'] as const)('the example as %s', (version) => {
  test('is read without problems or warnings and has payments in five currencies', async () => {
    const payments = await paymentsOf(generateExample({ ...OPTIONS, version }))
    expect(payments).toHaveLength(500)
    expect([...new Set(payments.map(({ currency }) => currency))].sort()).toEqual([...CURRENCIES].sort())
    expect(new Set(payments.map(({ categoryPurpose }) => categoryPurpose))).toEqual(new Set(['SALA', 'SUPP']))
    expect(new Set(payments.map(({ creditor }) => creditor.account.iban === undefined))).toEqual(new Set([true, false]))
  })

  test.skipIf(samplesAreMissing)('keeps to the published schema', () => {
    const schema = XmlDocument.fromBuffer(readSample(SCHEMA_FILES[version]))
    const validator = XsdValidator.fromDoc(schema)
    const document = XmlDocument.fromString(generateExample({ ...OPTIONS, version }))
    expect(() => validator.validate(document)).not.toThrow()
    for (const each of [document, validator, schema]) each.dispose()
  })

  test('is the same for the same options, and another for another seed', () => {
    const digest = (options: ExampleOptions) => createHash('sha256').update(generateExample(options)).digest('hex')
    const options = { ...OPTIONS, version }
    expect(digest(options)).toBe(digest({ ...options }))
    expect(digest({ ...options, seed: 'other' })).not.toBe(digest(options))
  })
})

test('accounts have check digits and BICs that other software accepts', () => {
  for (const { iban, bic, lei } of [...OPTIONS.debtors, ...OPTIONS.creditors]) {
    if (iban !== undefined) expect([iban, isValidIBAN(iban)]).toEqual([iban, true])
    expect([bic, isValidBIC(bic!)]).toEqual([bic, true])
    if (lei !== undefined) expect([lei, isLeiChecksumRight(lei)]).toEqual([lei, true])
  }
})

test('an example that can not be made says why', () => {
  expect(() => generateExample({ ...OPTIONS, debtors: [] })).toThrow(RangeError)
  expect(() => generateExample({ ...OPTIONS, messageId: 'x'.repeat(29) })).toThrow(RangeError)
})

const arbitraryOptions = fc.record({
  seed: fc.string({ maxLength: 8 }),
  version: fc.constantFrom('pain.001.001.03' as const, 'pain.001.001.09' as const),
  payments: fc.integer({ min: 1, max: 40 }),
  debtors: fc.integer({ min: 1, max: 3 }),
})

test('property: what is planned is what is read', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryOptions, async ({ seed, version, payments, debtors }) => {
      const options = { ...OPTIONS, seed, version, payments, debtors: accounts('company', debtors, seed) }
      const planned = planExample(options).flatMap((block) =>
        [...block.payments()].map((payment) => ({
          id: block.paymentInformationId,
          instructionId: payment.instructionId,
          endToEndId: payment.endToEndId,
          uetr: version === 'pain.001.001.09' ? payment.uetr : undefined,
          debtor: block.debtor.iban ?? block.debtor.other,
          creditor: payment.creditor.iban ?? payment.creditor.other,
          name: payment.creditor.name,
          currency: block.debtor.currency,
          amountMinor: payment.amountMinor,
        })),
      )
      const found = await paymentsOf(generateExample(options))
      expect(
        found.map((payment) => ({
          id: payment.paymentInformationId,
          instructionId: payment.instructionId,
          endToEndId: payment.endToEndId,
          uetr: payment.uetr,
          debtor: payment.debtor.account.iban ?? payment.debtor.account.other?.id,
          creditor: payment.creditor.account.iban ?? payment.creditor.account.other?.id,
          name: payment.creditor.name,
          currency: payment.currency,
          amountMinor: payment.amountMinor,
        })),
      ).toEqual(planned)
      expect(found.map(({ ordinal }) => ordinal)).toEqual(found.map((_, index) => index + 1))
    }),
    { numRuns: 40 },
  )
})

test('property: a change of any one amount breaks both control sums', async () => {
  const xml = generateExample({ ...OPTIONS, payments: 60 })
  const amounts = [...xml.matchAll(/(<InstdAmt Ccy="...">)(\d+)/g)]
  await fc.assert(
    fc.asyncProperty(fc.nat(amounts.length - 1), fc.integer({ min: 1, max: 99_999 }), async (index, added) => {
      const { 0: whole, 1: tag, 2: units, index: at } = amounts[index]!
      const changed = xml.slice(0, at) + tag + (BigInt(units!) + BigInt(added)) + xml.slice(at + whole.length)
      const { problems } = await readPain001(Buffer.from(changed), { blockTimeMs: BLOCK_TIME_MS })
      expect(problems.map(({ code }) => code)).toEqual(['PAIN001_CONTROL_SUM_GROUP', 'PAIN001_CONTROL_SUM_BLOCK'])
    }),
    { numRuns: 60 },
  )
})
