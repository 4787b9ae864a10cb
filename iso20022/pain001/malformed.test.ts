import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPain001 } from './read.ts'
import { BLOCK_TIME_MS, codesOf, edited, read, SMALL_FILE } from './testing/small-file.ts'

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>'
const withDoctype = (doctype: string): string => SMALL_FILE.replace(PROLOG, PROLOG + doctype)
const BILLION_LAUGHS = `<!DOCTYPE Document [<!ENTITY a0 "ha">${Array.from(
  { length: 30 },
  (_, index) => `<!ENTITY a${index + 1} "&a${index};&a${index};&a${index};">`,
).join('')}]>`

describe('attacks on the parser are refused before they cost anything', () => {
  test.each([
    ['an entity bomb', withDoctype(BILLION_LAUGHS).replace('Anna Bauer', '&a30;')],
    [
      'an external entity',
      withDoctype('<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace('Anna', '&x;'),
    ],
    ['an external subset', withDoctype('<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/payments.dtd">')],
    ['a parameter entity', withDoctype('<!DOCTYPE Document [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>')],
    ['a declaration without subset', withDoctype('<!DOCTYPE Document>')],
  ])('%s: the DOCTYPE alone is told', async (_, file) => {
    expect(await codesOf(file)).toEqual(['ISO20022_XML_DOCTYPE'])
  })

  test('a quadratic blow-up by an undefined entity', async () => {
    expect(await codesOf(edited(['Anna Bauer', '&big;'.repeat(1000)]))).toEqual(['ISO20022_XML_ENTITY'])
  })

  test.each([
    ['text', (size: number) => edited(['Anna Bauer', 'a'.repeat(size)])],
    ['a comment', (size: number) => edited(['<GrpHdr>', `<!--${'a'.repeat(size)}--><GrpHdr>`])],
    ['an attribute', (size: number) => edited(['<GrpHdr>', `<GrpHdr a="${'a'.repeat(size)}">`])],
    ['a CDATA section', (size: number) => edited(['Anna Bauer', `<![CDATA[${'a'.repeat(size)}]]>`])],
    ['a document type', (size: number) => withDoctype(`<!DOCTYPE Document [<!ENTITY a "${'a'.repeat(size)}">]>`)],
    ['a processing instruction', (size: number) => edited(['<GrpHdr>', `<?a ${'a'.repeat(size)}?><GrpHdr>`])],
  ])('huge %s stops the reading', async (_, file) => {
    const codes = await codesOf(file(5_000_000))
    expect(codes).toEqual(['ISO20022_XML_TOO_LONG'])
  })

  test('deep nesting stops the reading, in supplementary data too', async () => {
    const deep = '<a>'.repeat(100_000)
    const supplementary = `<SplmtryData><Envlp>${deep}`
    expect(await codesOf(edited(['</CdtTrfTxInf>', `${supplementary}</CdtTrfTxInf>`]))).toEqual([
      'ISO20022_XML_TOO_DEEP',
    ])
  })

  test('a flood of problems is counted whole and listed up to the limit, the sums of the file among them', async () => {
    const flood = '<CdtTrfTxInf><Bad/></CdtTrfTxInf>'.repeat(3_000)
    const { problems, problemCount, accepted } = await read(edited(['</PmtInf>', `${flood}</PmtInf>`]))
    expect([accepted, problems.length]).toEqual([false, 1000])
    expect(problemCount).toBeGreaterThan(9_000)
    expect(problems.map(({ code }) => code)).toContain('PAIN001_NUMBER_OF_TRANSACTIONS_GROUP')
  })
})

describe('encodings', () => {
  test('UTF-8 with and without byte order mark', async () => {
    expect(await codesOf(`\ufeff${SMALL_FILE}`)).toEqual([])
    expect(await codesOf(SMALL_FILE.replace(PROLOG, ''))).toEqual([])
  })

  test('ISO-8859-1 and US-ASCII where the declaration names them', async () => {
    const latin = Buffer.from(SMALL_FILE.replace('UTF-8', 'ISO-8859-1'), 'latin1')
    const { accepted, file } = await read(latin)
    expect([accepted, file?.initiatingParty]).toEqual([true, 'Grünwald Tooling GmbH'])
    expect(await codesOf(SMALL_FILE.replace('UTF-8', 'US-ASCII').replaceAll('ü', 'ue'))).toEqual([])
    expect(await codesOf(SMALL_FILE.replace('UTF-8', 'US-ASCII'))).toEqual(['ISO20022_ENCODING_INVALID'])
  })

  test.each(['UTF-16', 'windows-1252', 'Shift_JIS', 'IBM037'])(
    'a declaration of %s is refused by name',
    async (encoding) => {
      const { problems } = await read(SMALL_FILE.replace('UTF-8', encoding))
      expect(problems.map(({ code, message }) => [code, message])).toEqual([
        ['ISO20022_ENCODING_UNSUPPORTED', `the file is encoded in ${encoding.toUpperCase()}`],
      ])
    },
  )

  test('a byte order mark of UTF-8 and another declared encoding contradict each other', async () => {
    const file = `\ufeff${SMALL_FILE.replace('UTF-8', 'ISO-8859-1')}`
    expect(await codesOf(file)).toEqual(['ISO20022_ENCODING_UNSUPPORTED'])
  })

  test.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a byte of Latin-1', [0xfc]],
  ])('%s is no UTF-8', async (_, bytes) => {
    const [before, after] = SMALL_FILE.split('Anna') as [string, string]
    const file = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])
    expect(await codesOf(file)).toEqual(['ISO20022_ENCODING_INVALID'])
  })

  test('a file cut off within a character', async () => {
    const cut = Buffer.from(SMALL_FILE).subarray(
      0,
      Buffer.from(SMALL_FILE.slice(0, SMALL_FILE.indexOf('ü'))).length + 1,
    )
    expect(await codesOf(cut)).toEqual(['ISO20022_ENCODING_INVALID'])
  })
})

describe('XML that is not well-formed', () => {
  test.each([
    ['empty', ''],
    ['white space', ' \n'],
    ['text', 'MsgId=1'],
    ['a spreadsheet', 'name;iban;amount\nAnna;AT61;1'],
    ['two roots', `${SMALL_FILE}<Document/>`],
    ['a tag that is not closed', edited(['</Nm></Dbtr>', '</Dbtr>'])],
    ['a prefix without namespace', edited(['<GrpHdr>', '<x:GrpHdr>'])],
    ['a character that XML excludes', edited(['Anna', 'An\u0001na'])],
    ['a reference to such a character', edited(['Anna', 'An&#1;na'])],
    ['a bare ampersand', edited(['&amp; bonus', '& bonus'])],
    ['an attribute twice', edited(['Ccy="JPY"', 'Ccy="JPY" Ccy="JPY"'])],
    ['something before the declaration', ` ${SMALL_FILE}`],
  ])('%s', async (_, file) => {
    expect(await codesOf(file)).toEqual(['ISO20022_XML_MALFORMED'])
  })

  test('a file cut off at any place is refused', async () => {
    for (let length = 0; length < SMALL_FILE.trimEnd().length; length += 37) {
      const { accepted, problems } = await read(SMALL_FILE.slice(0, length))
      expect([length, accepted, problems.length > 0]).toEqual([length, false, true])
    }
  })
})

describe('what XML leaves free changes nothing', () => {
  test.each([
    ['white space between elements', SMALL_FILE.replaceAll('><', '>\r\n\t <')],
    ['no white space', SMALL_FILE.replaceAll('>\n<', '><')],
    ['Windows line ends', SMALL_FILE.replaceAll('\n', '\r\n')],
    ['comments and processing instructions', SMALL_FILE.replaceAll('><', '><!-- a --><?b c?><')],
    ['a comment in a value', edited(['P-1', 'P<!-- a -->-1'])],
    ['a CDATA section', edited(['Salary &amp; bonus', '<![CDATA[Salary & bonus]]>'])],
    ['character references', edited(['Anna', '&#65;&#x6e;na'])],
    ['white space around a number, a date', edited(['200.50', '\n 200.50 '], ['<Dt>2026-11-20', '<Dt>\t2026-11-20'])],
    ['a plus sign and zeros', edited(['200.50', '+0200.5000000'])],
    [
      'schemaLocation',
      edited(['<Document', '<Document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b"']),
    ],
  ])('%s', async (_, file) => {
    const result = await read(file)
    expect([result.problems, result.warnings]).toEqual([[], []])
    const payments = []
    for await (const { line: _line, ...payment } of result.payments()) payments.push(payment)
    const plain = []
    for await (const { line: _line, ...payment } of (await read(SMALL_FILE)).payments()) plain.push(payment)
    expect(payments).toEqual(plain)
  })

  test('a prefix for the namespace of the message', async () => {
    const prefixed = SMALL_FILE.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1p:').replace('xmlns=', 'xmlns:p=')
    expect(await codesOf(prefixed)).toEqual([])
  })

  test('chunks of any size', async () => {
    const bytes = Buffer.from(`\ufeff${SMALL_FILE}`)
    for (const size of [1, 2, 3, 7, 511, 512, 513]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      )
      const result = await readPain001({ open: () => chunks }, { blockTimeMs: BLOCK_TIME_MS })
      expect([size, result.problems]).toEqual([size, []])
    }
  })
})

test('property: whatever bytes come, the check ends with a result, and a file it accepts can be read', async () => {
  const original = Buffer.from(SMALL_FILE)
  const change = fc.record({
    at: fc.nat(original.length - 1),
    deleted: fc.integer({ min: 0, max: 40 }),
    inserted: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.constantFrom('<', '>', '&', '"', '</', '<!--', ']]>', '<a>').map((text) => Buffer.from(text)),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const file = changes.reduce<Uint8Array>(
        (bytes, { at, deleted, inserted }) =>
          Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + deleted)]),
        original,
      )
      const result = await read(file)
      expect(result.accepted).toBe(result.problemCount === 0)
      let payable = 0
      for await (const payment of result.payments()) payable += payment.ordinal > 0 ? 1 : 0
      if (result.accepted) expect(payable).toBe(result.file?.numberOfTransactions)
    }),
    { numRuns: 400 },
  )
})
