import { expect, test } from 'vitest'
import { PROBLEMS, type ProblemCode } from '../errors.ts'
import type { Pain001Options } from './options.ts'
import { codesOf, type Edit, edited, read, SMALL_FILE } from './testing/small-file.ts'

const AMOUNT = '<InstdAmt Ccy="EUR">200.50</InstdAmt>'
const CREDITOR_ACCOUNT = '<CdtrAcct><Id><IBAN>AT611904300234573201</IBAN></Id></CdtrAcct>'
const AFTER_ACCOUNT = (added: string): Edit => [CREDITOR_ACCOUNT, CREDITOR_ACCOUNT + added]
const AFTER_AMOUNT = (added: string): Edit => [`<Amt>${AMOUNT}</Amt>`, `<Amt>${AMOUNT}</Amt>${added}`]
type Case = readonly [
  edits: readonly Edit[] | string | Uint8Array,
  others?: readonly ProblemCode[],
  options?: Partial<Pain001Options>,
]

const utf16 = Buffer.from(`\ufeff${SMALL_FILE}`, 'utf16le')
const badByte = Buffer.from(SMALL_FILE.replace('Anna', 'Ann\u00ff'), 'latin1')

/** For every code the edit of a valid file that causes it, and nothing else but `others`. */
const CASES: Record<ProblemCode, Case> = {
  ISO20022_FILE_TOO_LARGE: [SMALL_FILE, [], { fileBytesMax: 1000 }],
  ISO20022_ENCODING_UNSUPPORTED: [utf16],
  ISO20022_ENCODING_INVALID: [badByte],
  ISO20022_XML_MALFORMED: [SMALL_FILE.slice(0, 1500)],
  ISO20022_XML_DOCTYPE: [[['<Document', '<!DOCTYPE Document>\n<Document']]],
  ISO20022_XML_ENTITY: [[['Anna Bauer', 'Anna&nbsp;Bauer']]],
  ISO20022_XML_TOO_DEEP: [
    [['</CdtTrfTxInf>', `${'<a xmlns="x">'.repeat(70)}${'</a>'.repeat(70)}</CdtTrfTxInf>`]],
    ['ISO20022_EXTENSION_SKIPPED'],
  ],
  ISO20022_PROBLEMS_TOO_MANY: [[['</PmtInf>', `${'<a/>'.repeat(100_001)}</PmtInf>`]], [], { problemsMax: 1 }],
  ISO20022_XML_TOO_LONG: [[['Anna Bauer', 'a'.repeat(3_000_000)]]],
  ISO20022_MESSAGE_TEMPLATE: [[['2026-11-20T09:30:00Z', '{{created}}']]],
  ISO20022_MESSAGE_UNEXPECTED: [[['pain.001.001.09', 'pain.002.001.10']]],
  ISO20022_MESSAGE_VERSION: [[['pain.001.001.09', 'pain.001.001.11']]],
  ISO20022_NAMESPACE_UNKNOWN: [[['urn:iso:std:iso:20022:tech:xsd:pain.001.001.09', 'urn:example:payments']]],
  ISO20022_ROOT_UNKNOWN: ['<html><body/></html>'],
  ISO20022_ELEMENT_UNKNOWN: [[AFTER_ACCOUNT('<Remark>x</Remark>')]],
  ISO20022_ELEMENT_ORDER: [
    [['<Cdtr><Nm>Anna Bauer</Nm></Cdtr>\n', ''], AFTER_ACCOUNT('<Cdtr><Nm>Anna Bauer</Nm></Cdtr>')],
  ],
  ISO20022_ELEMENT_REPEATED: [[['<Cdtr><Nm>Anna Bauer</Nm></Cdtr>', '<Cdtr/><Cdtr/>']]],
  ISO20022_ELEMENT_MISSING: [[['<EndToEndId>E-1</EndToEndId>', '']]],
  ISO20022_CHOICE: [[['<Id><IBAN>AT611904300234573201</IBAN></Id>', '<Id/>']]],
  ISO20022_ATTRIBUTE_MISSING: [[['<InstdAmt Ccy="EUR">200.50', '<InstdAmt>200.50']]],
  ISO20022_ATTRIBUTE_UNKNOWN: [[[AMOUNT, '<InstdAmt Ccy="EUR" id="1">200.50</InstdAmt>']]],
  ISO20022_TEXT_UNEXPECTED: [[['<Amt><InstdAmt Ccy="EUR">200.50', '<Amt>about <InstdAmt Ccy="EUR">200.50']]],
  ISO20022_VALUE_LENGTH: [[['Anna Bauer', 'a'.repeat(141)]]],
  ISO20022_VALUE_FORMAT: [[['2026-11-20T09:30:00Z', '20.11.2026 09:30']]],
  ISO20022_VALUE_CODE: [[['<PmtMtd>TRF', '<PmtMtd>XXX']]],
  ISO20022_NAMESPACE_NATIONAL: [
    [
      [
        'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
        'http://www.six-interbank-clearing.com/de/pain.001.001.09.ch.03.xsd',
      ],
    ],
  ],
  ISO20022_EXTENSION_SKIPPED: [[AFTER_ACCOUNT('<x:Note xmlns:x="urn:example:erp"><x:Deep>1</x:Deep></x:Note>')]],
  PAIN001_PAYMENTS_TOO_MANY: [SMALL_FILE, [], { paymentsMax: 2 }],
  PAIN001_PAYMENT_TOO_LARGE: [[AFTER_ACCOUNT(`<RmtInf>${'<Ustrd>a</Ustrd>'.repeat(20_001)}</RmtInf>`)]],
  PAIN001_IDENTIFIER_BLANK: [[['<EndToEndId>E-1<', '<EndToEndId> <']]],
  PAIN001_NUMBER_OF_TRANSACTIONS_GROUP: [[['<NbOfTxs>3', '<NbOfTxs>4']]],
  PAIN001_NUMBER_OF_TRANSACTIONS_BLOCK: [[['<NbOfTxs>2', '<NbOfTxs>3']]],
  PAIN001_CONTROL_SUM_GROUP: [[['<CtrlSum>1250.75', '<CtrlSum>1250.74']]],
  PAIN001_CONTROL_SUM_BLOCK: [[['<CtrlSum>250.75', '<CtrlSum>250.751']]],
  PAIN001_DUPLICATE_PAYMENT_INFORMATION: [[['P-2', 'P-1']]],
  PAIN001_DUPLICATE_INSTRUCTION: [
    [['<PmtId><EndToEndId>NOTPROVIDED', '<PmtId><InstrId>I-1</InstrId><EndToEndId>NOTPROVIDED']],
  ],
  PAIN001_DUPLICATE_UETR: [
    [[/(<EndToEndId>E-3<\/EndToEndId>)/, '$1<UETR>3f2504e0-4f89-41d3-9a0c-0305e82c3301</UETR>']],
  ],
  PAIN001_END_TO_END_REPEATED: [[['E-3', 'E-1']]],
  PAIN001_DATE_TOO_OLD: [[['<Dt>2026-11-20', '<Dt>2025-10-16']]],
  PAIN001_DATE_TOO_LATE: [[['<Dt>2026-11-23', '<Dt>2026-11-29']]],
  PAIN001_IBAN_COUNTRY: [[['AT611904300234573201', 'US781234567890']]],
  PAIN001_IBAN_STRUCTURE: [[['AT611904300234573201', 'AT25190430023457320']]],
  PAIN001_IBAN_CHECKSUM: [[['AT611904300234573201', 'AT611904300234573202']]],
  PAIN001_BIC_INVALID: [[['ALPNAT2XXXX', 'ALPNQQ2XXXX']]],
  PAIN001_LEI_CHECKSUM: [[[/<LEI>(.*)\d<\/LEI>/, '<LEI>$19</LEI>']]],
  PAIN001_CREDITOR_ACCOUNT_MISSING: [[[CREDITOR_ACCOUNT, '']]],
  PAIN001_CURRENCY_UNKNOWN: [[['Ccy="JPY">1000', 'Ccy="DEM">1000']]],
  PAIN001_AMOUNT_DECIMALS: [
    [
      ['Ccy="JPY">1000', 'Ccy="JPY">1000.5'],
      ['1250.75', '1251.25'],
    ],
  ],
  PAIN001_AMOUNT_ZERO: [
    [
      ['Ccy="JPY">1000', 'Ccy="JPY">0.00'],
      ['1250.75', '250.75'],
    ],
  ],
  PAIN001_AMOUNT_TOO_LARGE: [SMALL_FILE, [], { amountMinorMax: 20_049n }],
  PAIN001_EQUIVALENT_AMOUNT: [[[AMOUNT, '<EqvtAmt><Amt Ccy="EUR">200.50</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt>']]],
  PAIN001_CONVERSION: [[['<Ccy>EUR</Ccy>', '<Ccy>USD</Ccy>']], ['PAIN001_CONVERSION']],
  PAIN001_EXCHANGE_RATE: [[AFTER_AMOUNT('<XchgRateInf><RateTp>SPOT</RateTp></XchgRateInf>')]],
  PAIN001_PAYMENT_METHOD: [[['<PmtMtd>TRF', '<PmtMtd>CHK']]],
  PAIN001_CHEQUE: [[AFTER_AMOUNT('<ChqInstr><ChqTp>BCHQ</ChqTp></ChqInstr>')]],
  PAIN001_INSTRUCTION: [[AFTER_ACCOUNT('<InstrForCdtrAgt><Cd>HOLD</Cd></InstrForCdtrAgt>')]],
  PAIN001_STATED_TWICE: [[['</DbtrAgt>', '</DbtrAgt><ChrgBr>SHAR</ChrgBr>'], AFTER_AMOUNT('<ChrgBr>DEBT</ChrgBr>')]],
}

test('the file before the edits has neither problems nor warnings', async () => {
  expect(await codesOf(SMALL_FILE)).toEqual([])
})

test.each(Object.entries(CASES))('%s comes from its cause alone', async (code, [edits, others = [], options = {}]) => {
  const file = typeof edits === 'string' || edits instanceof Uint8Array ? edits : edited(...edits)
  expect((await codesOf(file, options)).sort()).toEqual([code, ...others].sort())
})

test('a file with a warning is accepted, one with an error is not', async () => {
  expect((await read(edited(['E-3', 'E-1']))).accepted).toBe(true)
  expect((await read(edited(['P-2', 'P-1']))).accepted).toBe(false)
})

test.each(Object.entries(PROBLEMS))(
  '%s has a message, a remedy and a reason of the external code set',
  (code, kind) => {
    expect(code).toMatch(/^(PAIN001|ISO20022)_[A-Z0-9_]+$/)
    expect(kind.reason).toMatch(/^[A-Z]{2,4}\d{0,2}$/)
    expect(kind.reason).toHaveLength(4)
    expect(kind.remedy).toMatch(/\.$/)
  },
)
