import { readdirSync } from 'node:fs'
import { XmlDocument, XsdValidator } from 'libxml2-wasm'
import { describe, expect, test } from 'vitest'
import { checkMessage } from '../check/check-message.ts'
import { edited, read } from '../pain001/testing/small-file.ts'
import { readSample, SAMPLES, SCHEMA_FILES, samplesAreMissing } from '../table/testing/read-xsd.ts'
import type { Pain002Options, ReportedPayment } from './model.ts'
import { reasonsOf, rejectedPayment } from './rejection.ts'
import { streamPain002, writePain002 } from './write.ts'

if (samplesAreMissing) console.log('skipped: ../shared/data/iso20022 is missing, reports are not compared with samples')

const FILE = {
  version: 'pain.001.001.09',
  messageName: 'pain.001.001.09',
  messageId: 'M-1 & <more>',
  creationDateTime: '2026-11-20T09:30:00Z',
  numberOfTransactions: 3,
  controlSum: '1250.75',
} as const

const PAYMENTS: readonly ReportedPayment[] = [
  {
    paymentInformationId: 'P-1',
    instructionId: 'I-1',
    endToEndId: 'E-1',
    uetr: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    status: 'ACCC',
    acceptanceDateTimeIso: '2026-11-21T12:00:01.5Z',
    accountServicerReference: 'block 12/3',
  },
  {
    paymentInformationId: 'P-1',
    endToEndId: 'NOTPROVIDED',
    status: 'RJCT',
    reasons: [{ code: 'AC04', additionalInfo: 'the account is closed' }],
  },
  { paymentInformationId: 'P-2', endToEndId: 'E-3', status: 'PDNG' },
]

function optionsOf(payments: readonly ReportedPayment[], changes: Partial<Pain002Options> = {}): Pain002Options {
  return {
    file: FILE,
    messageId: 'S-1',
    creationDateTimeIso: '2026-11-21T12:00:02Z',
    initiatingParty: { name: 'Tallystick', bic: 'NORDDE2XXXX', lei: '00000012345678901244' },
    payments: () => payments,
    ...changes,
  }
}

const OLD = { file: { ...FILE, version: 'pain.001.001.03', messageName: 'pain.001.001.03.ch.02' } } as const
const bytesOf = (xml: string) => [Buffer.from(xml)]
const valuesOf = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value]) => value)

describe('reports keep to the table of their version', () => {
  test.each([
    ['pain.002.001.10', {}],
    ['pain.002.001.03', OLD],
  ] as const)('%s with every kind of payment', async (version, changes) => {
    const xml = await writePain002(optionsOf(PAYMENTS, changes))
    expect(xml).toContain(`xmlns="urn:iso:std:iso:20022:tech:xsd:${version}"`)
    expect(await checkMessage(bytesOf(xml), version)).toEqual([])
  })

  test.each([{}, OLD])('without payments, and for a file that was refused as a whole', async (changes) => {
    const version = 'file' in changes ? 'pain.002.001.03' : 'pain.002.001.10'
    const xml = await writePain002(
      optionsOf([], { ...changes, groupReasons: [{ code: 'AM19', additionalInfo: 'x'.repeat(400) }] }),
    )
    expect(await checkMessage(bytesOf(xml), version)).toEqual([])
    expect(valuesOf(xml, 'GrpSts')).toEqual(['RJCT'])
    expect(valuesOf(xml, 'AddtlInf').map((line) => line?.length)).toEqual([105, 105, 105, 85])
  })

  test('a character that XML excludes does not get into a report', async () => {
    const payment: ReportedPayment = {
      paymentInformationId: 'P',
      status: 'RJCT',
      reasons: [{ code: 'NARR', additionalInfo: 'a\u0000b\ud800c' }],
    }
    const xml = await writePain002(optionsOf([payment]))
    expect(await checkMessage(bytesOf(xml), 'pain.002.001.10')).toEqual([])
    expect(valuesOf(xml, 'AddtlInf')).toEqual(['a\ufffdb\ufffdc'])
  })

  test.skipIf(samplesAreMissing)('V10 keeps to the published schema of V11, which has the same elements', async () => {
    const schema = XmlDocument.fromBuffer(readSample(SCHEMA_FILES['pain.002.001.11']))
    const validator = XsdValidator.fromDoc(schema)
    const xml = await writePain002(optionsOf(PAYMENTS, { groupReasons: [{ code: 'NARR' }] }))
    const document = XmlDocument.fromString(xml.replace('pain.002.001.10', 'pain.002.001.11'))
    expect(() => validator.validate(document)).not.toThrow()
    for (const each of [document, validator, schema]) each.dispose()
  })

  test.skipIf(samplesAreMissing)('the table of V03 accepts the published reports of a Swiss bank', async () => {
    const folder = 'moov-iso20022/test/testdata/'
    const names = readdirSync(new URL(folder, SAMPLES)).filter((name) => name.startsWith('pain002-'))
    expect(names.length).toBeGreaterThanOrEqual(5)
    for (const name of names) {
      const namespace = 'http://www.six-interbank-clearing.com/de/pain.002.001.03.ch.02.xsd'
      expect([name, await checkMessage([readSample(folder + name)], 'pain.002.001.03', namespace)]).toEqual([name, []])
    }
  })
})

describe('statuses', () => {
  const settled = PAYMENTS[0]!
  const refused = PAYMENTS[1]!
  const pending = PAYMENTS[2]!

  test.each([
    ['all settled', [settled, settled], 'ACCC', 'ACSC'],
    ['all refused', [refused], 'RJCT', 'RJCT'],
    ['all pending', [pending], 'PDNG', 'PDNG'],
    ['settled and refused', [settled, refused], 'PART', 'PART'],
    ['settled and pending', [settled, pending], 'PART', 'PART'],
  ])('%s: %s', async (_, payments, inV10, inV03) => {
    expect(valuesOf(await writePain002(optionsOf(payments)), 'GrpSts')).toEqual([inV10])
    expect(valuesOf(await writePain002(optionsOf(payments, OLD)), 'GrpSts')).toEqual([inV03])
  })

  test('each payment has its status, each payment information that of its own', async () => {
    const xml = await writePain002(optionsOf(PAYMENTS))
    expect(valuesOf(xml, 'TxSts')).toEqual(['ACCC', 'RJCT', 'PDNG'])
    expect(valuesOf(xml, 'PmtInfSts')).toEqual(['PART', 'PDNG'])
    expect(valuesOf(xml, 'OrgnlMsgId')).toEqual(['M-1 &amp; &lt;more&gt;'])
    expect(valuesOf(xml, 'Cd')).toEqual(['AC04'])
  })

  test('the report repeats what identifies the file and its payments', async () => {
    const xml = await writePain002(optionsOf(PAYMENTS))
    const names = ['OrgnlMsgNmId', 'OrgnlCreDtTm', 'OrgnlNbOfTxs', 'OrgnlCtrlSum', 'OrgnlPmtInfId', 'OrgnlInstrId']
    expect(names.map((name) => valuesOf(xml, name))).toEqual([
      ['pain.001.001.09'],
      ['2026-11-20T09:30:00Z'],
      ['3'],
      ['1250.75'],
      ['P-1', 'P-2'],
      ['I-1'],
    ])
    expect(valuesOf(xml, 'OrgnlEndToEndId')).toEqual(['E-1', 'NOTPROVIDED', 'E-3'])
    expect(valuesOf(xml, 'OrgnlUETR')).toEqual(['3f2504e0-4f89-41d3-9a0c-0305e82c3301'])
    expect(valuesOf(xml, 'AccptncDtTm')).toEqual(['2026-11-21T12:00:01.5Z'])
    expect(valuesOf(xml, 'AcctSvcrRef')).toEqual(['block 12/3'])
    expect(valuesOf(xml, 'DtldNbOfTxs')).toEqual(['1', '1', '1', '1', '1', '1'])
  })

  test('the closed list of V03 has no ACCC', async () => {
    const xml = await writePain002(optionsOf([settled], OLD))
    expect(xml).not.toContain('ACCC')
    expect(await checkMessage(bytesOf(xml.replaceAll('ACSC', 'ACCC')), 'pain.002.001.03')).not.toEqual([])
  })

  test('payments that change between the passes are an error', async () => {
    let call = 0
    const payments = () => [call++ === 0 ? settled : refused]
    await expect(writePain002(optionsOf([], { payments }))).rejects.toThrow(RangeError)
  })
})

test('a large report comes in pieces', async () => {
  function* payments() {
    for (let index = 0; index < 20_000; index += 1)
      yield {
        paymentInformationId: `P-${index % 7000 === 0 ? 1 : 2}`,
        endToEndId: `E-${index}`,
        status: 'ACCC',
      } as const
  }
  let [pieces, longest, length] = [0, 0, 0]
  for await (const piece of streamPain002(optionsOf([], { payments }))) {
    pieces += 1
    length += piece.length
    longest = Math.max(longest, piece.length)
  }
  expect(length).toBeGreaterThan(1_000_000)
  expect([pieces > 50, longest < 40_000]).toEqual([true, true])
})

test('a refused file is reported payment by payment, with the reasons of the check', async () => {
  const result = await read(
    edited(['AT611904300234573201', 'AT611904300234573202'], ['Ccy="JPY">1000', 'Ccy="JPY">0'], ['1250.75', '250.75']),
  )
  const entries: ReportedPayment[] = []
  for await (const outcome of result.outcomes()) {
    if (outcome.payable)
      entries.push({
        paymentInformationId: outcome.payment.paymentInformationId,
        endToEndId: outcome.payment.endToEndId,
        status: 'ACCC',
      })
    else entries.push(rejectedPayment(outcome))
  }
  expect(entries.map(({ status, endToEndId, reasons }) => [status, endToEndId, reasons?.[0]?.code])).toEqual([
    ['RJCT', 'E-1', 'AC01'],
    ['ACCC', 'NOTPROVIDED', undefined],
    ['RJCT', 'E-3', 'AM01'],
  ])
  const xml = await writePain002(optionsOf(entries, { file: result.file! }))
  expect(await checkMessage(bytesOf(xml), 'pain.002.001.10')).toEqual([])
})

test('identifiers that a report can not repeat are cut or left out', async () => {
  const result = await read(
    edited(['<PmtInfId>P-1', `<PmtInfId>${'P'.repeat(40)}`], ['<InstrId>I-1', `<InstrId>${'I'.repeat(40)}`]),
  )
  const entries: ReportedPayment[] = []
  for await (const outcome of result.outcomes()) if (!outcome.payable) entries.push(rejectedPayment(outcome))
  expect(entries.length).toBe(2)
  const xml = await writePain002(optionsOf(entries, { groupReasons: reasonsOf(result.problems) }))
  expect(await checkMessage(bytesOf(xml), 'pain.002.001.10')).toEqual([])
})
