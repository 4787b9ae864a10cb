import { describe, expect, test } from 'vitest'
import type { CreditTransfer } from './model.ts'
import { accountKey } from './model.ts'
import type { Pain001Options } from './options.ts'
import { Pain001ChangedError, type Pain001Result, readPain001 } from './read.ts'
import { BLOCK_TIME_MS, codesOf, edited, read, SMALL_FILE } from './testing/small-file.ts'

async function paymentsOf(result: Pain001Result): Promise<CreditTransfer[]> {
  const payments: CreditTransfer[] = []
  for await (const payment of result.payments()) payments.push(payment)
  return payments
}

async function datesOf(file: string, options: Partial<Pain001Options> = {}): Promise<string[]> {
  const result = await read(file, options)
  expect(result.problems).toEqual([])
  return (await paymentsOf(result)).map(({ businessDate }) => businessDate)
}

describe('what a payment says', () => {
  test('default', async () => {
    const result = await read(SMALL_FILE)
    const { line: _line, ...first } = (await paymentsOf(result))[0]!
    expect(first).toEqual({
      ordinal: 1,
      ordinalInPaymentInformation: 1,
      paymentInformationOrdinal: 1,
      messageId: 'M-1',
      paymentInformationId: 'P-1',
      instructionId: 'I-1',
      endToEndId: 'E-1',
      uetr: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      businessDate: '2026-11-20',
      debtor: {
        name: 'Grünwald Tooling GmbH',
        account: { iban: 'DE89370400440532013000', currency: 'EUR' },
        agentBic: 'NORDDE2XXXX',
      },
      creditor: { name: 'Anna Bauer', account: { iban: 'AT611904300234573201' }, agentBic: 'ALPNAT2XXXX' },
      currency: 'EUR',
      amountMinor: 20_050n,
      remittance: { unstructured: ['Salary & bonus'], structured: [] },
    })
  })

  test('the file sums up its payments, by payment information and by currency', async () => {
    const { file } = await read(SMALL_FILE)
    expect(file).toMatchObject({
      version: 'pain.001.001.09',
      messageId: 'M-1',
      numberOfTransactions: 3,
      controlSum: '1250.75',
    })
    expect(
      file?.paymentInformations.map(({ paymentInformationId, numberOfTransactions, controlSum }) => [
        paymentInformationId,
        numberOfTransactions,
        controlSum,
      ]),
    ).toEqual([
      ['P-1', 2, '250.75'],
      ['P-2', 1, '1000'],
    ])
    expect([...file!.totals]).toEqual([
      ['EUR', { payments: 2, amountMinor: 25_075n }],
      ['JPY', { payments: 1, amountMinor: 1000n }],
    ])
  })

  test('the key of an account is its IBAN in one form, or its other identification as written', async () => {
    const file = edited(['AT611904300234573201', 'GB29nwbk60161331926819'], ['DE00NOTANIBAN', ' a/B '])
    const payments = await paymentsOf(await read(file))
    expect(payments.map(({ creditor }) => accountKey(creditor.account))).toEqual([
      'IBAN:GB29NWBK60161331926819',
      'OTHR: a/B ',
      'OTHR:00012345678901',
    ])
  })

  test('an identification under Othr is no IBAN, whatever it looks like', async () => {
    expect(await codesOf(edited(['DE00NOTANIBAN', 'DE00370400440532013000']))).toEqual([])
  })

  test('V03 differs in the names of the BIC and the form of the date', async () => {
    const old = SMALL_FILE.replace('.09', '.03')
      .replaceAll('BICFI>', 'BIC>')
      .replaceAll(/<Dt>(.*)<\/Dt>/g, '$1')
      .replace(/<UETR>.*<\/UETR>/, '')
      .replace(/<Id><OrgId><LEI>.*<\/OrgId><\/Id>/, '')
    const result = await read(old)
    expect([result.problems, result.file?.version]).toEqual([[], 'pain.001.001.03'])
    expect((await paymentsOf(result)).map(({ businessDate, creditor }) => [businessDate, creditor.agentBic])).toEqual([
      ['2026-11-20', 'ALPNAT2XXXX'],
      ['2026-11-20', undefined],
      ['2026-11-23', undefined],
    ])
  })
})

describe('dates, checked on 21 November 2026', () => {
  const first = (date: string) => edited(['<Dt>2026-11-20</Dt>', date])

  test.each([
    ['<Dt>2025-10-17</Dt>', '2025-10-17'],
    ['<Dt>2026-11-28</Dt>', '2026-11-28'],
    ['<Dt>2026-11-20+14:00</Dt>', '2026-11-20'],
    ['<DtTm>2026-11-20T23:30:00-02:00</DtTm>', '2026-11-21'],
    ['<DtTm>2026-11-21T00:30:00+02:00</DtTm>', '2026-11-20'],
    ['<DtTm>2026-11-20T24:00:00</DtTm>', '2026-11-21'],
  ])('%s is booked on %s', async (written, expected) => {
    expect((await datesOf(first(written)))[0]).toBe(expected)
  })

  test.each([
    ['<Dt>2025-10-16</Dt>', 'PAIN001_DATE_TOO_OLD'],
    ['<Dt>2026-11-29</Dt>', 'PAIN001_DATE_TOO_LATE'],
    ['<DtTm>2026-11-28T23:30:00-02:00</DtTm>', 'PAIN001_DATE_TOO_LATE'],
    ['<Dt>-0044-03-15</Dt>', 'PAIN001_DATE_TOO_OLD'],
    ['<Dt>12026-11-20</Dt>', 'PAIN001_DATE_TOO_LATE'],
    ['<Dt>2026-02-29</Dt>', 'ISO20022_VALUE_FORMAT'],
  ])('%s: %s', async (written, code) => {
    expect(await codesOf(first(written))).toEqual([code])
  })

  test('executeNow pays on the day what is dated after the window, and changes no other date', async () => {
    expect(await datesOf(first('<Dt>2027-03-01</Dt>'), { executeNow: true })).toEqual([
      '2026-11-21',
      '2026-11-21',
      '2026-11-23',
    ])
    expect(await codesOf(first('<Dt>2020-03-01</Dt>'), { executeNow: true })).toEqual(['PAIN001_DATE_TOO_OLD'])
  })

  test('businessDate overrides every date, and must itself lie in the window', async () => {
    expect(await datesOf(first('<Dt>2009-09-29</Dt>'), { businessDate: '2026-11-19' })).toEqual(
      Array(3).fill('2026-11-19'),
    )
    expect(await codesOf(SMALL_FILE, { businessDate: '2020-01-01' })).toEqual(['PAIN001_DATE_TOO_OLD'])
    expect(await codesOf(SMALL_FILE, { businessDate: '2026-12-01' })).toEqual(['PAIN001_DATE_TOO_LATE'])
    await expect(read(SMALL_FILE, { businessDate: '21.11.2026' })).rejects.toThrow(RangeError)
  })

  test('the window can be set', async () => {
    expect(await codesOf(SMALL_FILE, { daysAheadMax: 1 })).toEqual(['PAIN001_DATE_TOO_LATE'])
    expect(await codesOf(SMALL_FILE, { daysBackMax: 0 })).toEqual(['PAIN001_DATE_TOO_OLD'])
  })
})

describe('a file with errors', () => {
  const outcomesOf = async (result: Pain001Result) => {
    const found: string[] = []
    for await (const outcome of result.outcomes()) {
      found.push(
        outcome.payable
          ? `${outcome.payment.ordinal} payable`
          : `${outcome.place.ordinal} ${outcome.problems.map(({ code }) => code)}`,
      )
    }
    return found
  }

  test('an error in one payment leaves the others payable', async () => {
    const result = await read(edited(['AT611904300234573201', 'AT611904300234573202']))
    expect([result.accepted, result.partial]).toEqual([false, true])
    expect(result.problems[0]).toMatchObject({
      line: 25,
      ordinal: 1,
      paymentInformationId: 'P-1',
      instructionId: 'I-1',
      endToEndId: 'E-1',
      path: 'Document/CstmrCdtTrfInitn/PmtInf[1]/CdtTrfTxInf[1]/CdtrAcct/Id/IBAN',
    })
    expect(await outcomesOf(result)).toEqual(['1 PAIN001_IBAN_CHECKSUM', '2 payable', '3 payable'])
    expect((await paymentsOf(result)).map(({ ordinal }) => ordinal)).toEqual([2, 3])
  })

  test('an error in a payment information refuses its payments, one at its end too', async () => {
    const dated = await read(edited(['<Dt>2026-11-20', '<Dt>2020-11-20']))
    expect(await outcomesOf(dated)).toEqual(['1 PAIN001_DATE_TOO_OLD', '2 PAIN001_DATE_TOO_OLD', '3 payable'])
    const summed = await read(edited(['<CtrlSum>250.75', '<CtrlSum>250']))
    expect(await outcomesOf(summed)).toEqual([
      '1 PAIN001_CONTROL_SUM_BLOCK',
      '2 PAIN001_CONTROL_SUM_BLOCK',
      '3 payable',
    ])
    expect([dated.partial, summed.partial]).toEqual([true, true])
  })

  test('an error of the file as a whole leaves nothing payable', async () => {
    const result = await read(edited(['<NbOfTxs>3', '<NbOfTxs>4']))
    expect([result.accepted, result.partial]).toEqual([false, false])
    expect(await outcomesOf(result)).toEqual(
      [1, 2, 3].map((ordinal) => `${ordinal} PAIN001_NUMBER_OF_TRANSACTIONS_GROUP`),
    )
    expect(await paymentsOf(result)).toEqual([])
  })

  test('a file that breaks off leaves nothing payable', async () => {
    const result = await read(SMALL_FILE.slice(0, -40))
    expect([result.partial, await paymentsOf(result)]).toEqual([false, []])
  })

  test('all problems are told at once, in the order of the file', async () => {
    const file = edited(
      ['<NbOfTxs>3', '<NbOfTxs>9'],
      ['<Dt>2026-11-20', '<Dt>2001-01-01'],
      ['Ccy="EUR">200.50', 'Ccy="EUR">200.505'],
      ['AT611904300234573201', 'AT00'],
      ['Ccy="JPY">1000', 'Ccy="XXX">1000'],
    )
    const { problems } = await read(file)
    expect(problems.map(({ code, ordinal = 0 }) => `${ordinal} ${code}`)).toEqual([
      '0 PAIN001_NUMBER_OF_TRANSACTIONS_GROUP',
      '0 PAIN001_CONTROL_SUM_GROUP',
      '0 PAIN001_CONTROL_SUM_BLOCK',
      '0 PAIN001_DATE_TOO_OLD',
      '1 PAIN001_AMOUNT_DECIMALS',
      '1 ISO20022_VALUE_FORMAT',
      '3 PAIN001_CURRENCY_UNKNOWN',
    ])
  })

  test('control sums are exact where floating point is not', async () => {
    expect(await codesOf(edited(['1250.75', '125075']))).toEqual(['PAIN001_CONTROL_SUM_GROUP'])
    const file = edited(
      ['200.50', '0.1'],
      ['50.25', '0.2'],
      ['<CtrlSum>250.75', '<CtrlSum>0.30000'],
      ['1250.75', '1000.3'],
    )
    expect(await codesOf(file)).toEqual([])
    expect(await codesOf(file.replace('0.30000', '0.30000000000000004'))).toEqual(['PAIN001_CONTROL_SUM_BLOCK'])
  })
})

describe('errors of the source', () => {
  test('one that changes between the passes is not paid from silently', async () => {
    const files = [SMALL_FILE, edited(['Anna Bauer', 'Anna Bauex'])]
    const result = await readPain001({ open: () => [Buffer.from(files.shift() ?? '')] }, { blockTimeMs: BLOCK_TIME_MS })
    expect(result.accepted).toBe(true)
    await expect(paymentsOf(result)).rejects.toThrow(Pain001ChangedError)
  })

  test('one that can not be read is thrown as it is', async () => {
    const source = {
      // biome-ignore lint/correctness/useYield: it fails before its first chunk
      async *open(): AsyncGenerator<Uint8Array> {
        throw new Error('the disk is gone')
      },
    }
    await expect(readPain001(source, { blockTimeMs: BLOCK_TIME_MS })).rejects.toThrow('the disk is gone')
  })
})
