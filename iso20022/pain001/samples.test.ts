import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { accountKey } from './model.ts'
import { read } from './testing/small-file.ts'

const SAMPLES = new URL('../../../shared/data/iso20022/', import.meta.url)
const MOOV = 'moov-iso20022/test/testdata/'
const TEMPLATES = 'pain001/pain001/templates/'
const missing = !existsSync(SAMPLES)
if (missing) console.log('skipped: ../shared/data/iso20022 is missing, no public sample is read')

/** Every pain.001 sample with the problems that it truly has on 21 November 2026: code, line, payment. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  [`${MOOV}gistfile1.xml`]: ['PAIN001_DATE_TOO_OLD 24'],
  [`${MOOV}sepa_payment_naujas_1.xml`]: [
    'PAIN001_DATE_TOO_OLD 33',
    'PAIN001_IBAN_CHECKSUM 49',
    'PAIN001_IBAN_CHECKSUM 92 EndToEndId0001',
  ],
  [`${MOOV}International_payment_USD_naujas_1.xml`]: ['PAIN001_DATE_TOO_OLD 23', 'PAIN001_IBAN_CHECKSUM 29'],
  [`${MOOV}International_payment_RUB_naujas_1.xml`]: ['PAIN001_DATE_TOO_OLD 18', 'PAIN001_IBAN_CHECKSUM 34'],
  [`${MOOV}musterfile_pain.001_Nov2020.xml`]: [
    'PAIN001_NUMBER_OF_TRANSACTIONS_GROUP 7',
    'PAIN001_DATE_TOO_OLD 21',
    'PAIN001_DATE_TOO_OLD 69',
    'PAIN001_DATE_TOO_OLD 153',
    'PAIN001_IBAN_CHECKSUM 216 EndToEndId-03-02',
    'PAIN001_DATE_TOO_OLD 228',
    'PAIN001_EQUIVALENT_AMOUNT 248 EndToEndId-04-01',
    'PAIN001_IBAN_STRUCTURE 269 EndToEndId-04-01',
    'PAIN001_IBAN_CHECKSUM 269 EndToEndId-04-01',
    'PAIN001_DATE_TOO_OLD 281',
  ],
  [`${TEMPLATES}pain.001.001.03/pain.001.001.03.xml`]: [
    'PAIN001_NUMBER_OF_TRANSACTIONS_GROUP 9',
    'PAIN001_DATE_TOO_OLD 26',
  ],
  [`${TEMPLATES}pain.001.001.09/pain.001.001.09.xml`]: [
    'PAIN001_NUMBER_OF_TRANSACTIONS_GROUP 8',
    'PAIN001_DATE_TOO_OLD 16',
    'PAIN001_IBAN_CHECKSUM 24',
    'PAIN001_IBAN_CHECKSUM 50 PaymentID6789',
    'PAIN001_IBAN_CHECKSUM 77 PaymentID4321',
    'PAIN001_IBAN_CHECKSUM 104 PaymentID1357',
    'PAIN001_IBAN_CHECKSUM 131 PaymentID2468',
    'PAIN001_IBAN_CHECKSUM 158 PaymentID4815',
  ],
}

/** Files that are no payment files, and how their refusal names them. */
const NAMED: readonly (readonly [file: string, named: string])[] = [
  [
    `${TEMPLATES}pain.001.001.03/template.xml`,
    'this is a template, not a payment file: it has the placeholder {{date}}',
  ],
  [
    `${TEMPLATES}pain.001.001.09/template.xml`,
    'this is a template, not a payment file: it has the placeholder {{date}}',
  ],
  [`${MOOV}valid_pain_v11.xml`, 'this is a pain.002.001.11 status report, not a pain.001'],
  [`${MOOV}invalid_pain_v11.xml`, 'this is a pain.002 status report, not a pain.001'],
  [`${MOOV}pain002-epo_p_0_0_0_2018031510491259.xml`, 'this is a pain.002.001.03.ch.02 status report, not a pain.001'],
  [`${MOOV}pain008-musterfile.xml`, 'this is a pain.008.001.02.ch.03 direct debit initiation, not a pain.001'],
  [`${MOOV}valid_pacs_v11.xml`, 'this is a pacs.002.001.11 interbank payment status report, not a pain.001'],
]

const readSample = (path: string): Uint8Array => readFileSync(new URL(path, SAMPLES))

describe.skipIf(missing)('public samples', () => {
  test.each(Object.entries(REFUSED))('%s is refused for all of its reasons at once', async (path, expected) => {
    const { accepted, problems, warnings } = await read(readSample(path))
    expect(accepted).toBe(false)
    expect(problems.map(({ code, line, endToEndId }) => [code, line, endToEndId].filter(Boolean).join(' '))).toEqual(
      expected,
    )
    expect(warnings.map(({ code }) => code)).toEqual(path.includes('musterfile') ? ['ISO20022_NAMESPACE_NATIONAL'] : [])
  })

  test.each(NAMED)('%s is refused by name', async (path, named) => {
    const { accepted, problems, file } = await read(readSample(path))
    expect(accepted).toBe(false)
    expect(problems.map(({ message }) => message)).toEqual([named])
    expect(file).toBeUndefined()
  })

  test('every other sample message is refused with one problem, and nothing throws', async () => {
    const folders = [MOOV, 'genkgo-camt/test/data/', 'fednow20022/testdata/', 'fednow20022/tests/testdata/']
    const paths = folders.flatMap((folder) => readdirSync(new URL(folder, SAMPLES)).map((name) => folder + name))
    const others = paths.filter((path) => path.endsWith('.xml') && !(path in REFUSED))
    expect(others.length).toBeGreaterThan(50)
    for (const path of others) {
      const { accepted, problems } = await read(readSample(path))
      expect([path, accepted, problems.length]).toEqual([path, false, 1])
      expect(problems[0]?.code).toMatch(/^ISO20022_(MESSAGE_UNEXPECTED|ROOT_UNKNOWN)$/)
    }
  })

  test('gistfile1.xml pays its three payments under another business date', async () => {
    const result = await read(readSample(`${MOOV}gistfile1.xml`), { businessDate: '2026-11-20' })
    expect([result.accepted, result.problems, result.warnings]).toEqual([true, [], []])
    const payments = []
    for await (const payment of result.payments()) payments.push(payment)
    expect(
      payments.map(({ instructionId, currency, amountMinor, businessDate, creditor, debtor }) => [
        instructionId,
        currency,
        amountMinor,
        businessDate,
        accountKey(debtor.account),
        accountKey(creditor.account),
        creditor.agentBic,
      ]),
    ).toEqual([
      ['ABC/090928/CCT001/01', 'JPY', 10_000_000n, '2026-11-20', 'OTHR:00125574999', 'OTHR:23683707994125', 'AAAAGB2L'],
      [
        'ABC/090628/CCT001/2',
        'EUR',
        50_000_000n,
        '2026-11-20',
        'OTHR:00125574999',
        'IBAN:BE30001216371411',
        'DDDDBEBB',
      ],
      ['ABC/090928/CCT001/3', 'USD', 100_000_000n, '2026-11-20', 'OTHR:00125574999', 'OTHR:4895623', 'BBBBUS66'],
    ])
    expect(payments[1]?.remittance.structured[0]?.documents).toEqual([
      { number: 'ABC-13679', type: 'CINV', date: '2009-09-15' },
    ])
  })
})
