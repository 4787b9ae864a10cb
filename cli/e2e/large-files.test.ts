import { createWriteStream } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { streamExample } from '@tallystick/iso20022'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleCustomers } from '../demo/example-plan.ts'
import { isBuilt, start, tallystick } from './command.ts'
import { temporaryHome } from './home.ts'

const mib = 1_048_576
/** TALLYSTICK_LARGE=1 runs the sizes that the documentation names; the default shows the same bounds sooner. */
const isLarge = process.env.TALLYSTICK_LARGE === '1'
const nonsenseBytes = isLarge ? 1_024 * mib - 4_096 : 128 * mib
const payments = isLarge ? 100_000 : 10_000
/** Of the importer, in MiB: what it takes for an empty file is some 100. */
const nonsenseMemoryMax = 400
const importMemoryMax = isLarge ? 900 : 450

interface Watched {
  readonly exit: number | null
  readonly output: string
  readonly errors: string
  /** Most memory that the process had, in MiB. */
  readonly peakMib: number
}

/** Runs a command, and looks at its memory until it ends. */
async function watched(cwd: string, ...argv: readonly string[]): Promise<Watched> {
  const { child, ended } = start(cwd, ...argv)
  let peakMib = 0
  const look = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    peakMib = Math.max(peakMib, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024)
  }, 50)
  const result = await ended
  clearInterval(look)
  return { ...result, peakMib }
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>NONSENSE</MsgId><CreDtTm>2026-11-20T09:30:00Z</CreDtTm><NbOfTxs>3</NbOfTxs><InitgPty><Nm>X</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>P-1</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>2026-11-20</Dt></ReqdExctnDt><Dbtr><Nm>X</Nm></Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId><BICFI>NORDDE2XXXX</BICFI></FinInstnId></DbtrAgt>
`
const payment = (i: number): string =>
  `<CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">1.${10 + (i % 90)}</InstdAmt></Amt>` +
  `<Cdtr><Nm>Anna Bauer</Nm></Cdtr><CdtrAcct><Id><IBAN>AT611904300234573201</IBAN></Id></CdtrAcct>` +
  `<RmtInf><Ustrd>${'Salary and bonus '.repeat(8)}</Ustrd></RmtInf>${'<!-- so that a gigabyte has less than a million -->'.repeat(16)}</CdtTrfTxInf>\n`
const manyPayments = Array.from({ length: 1_000 }, (_, i) => payment(i)).join('')
const laughs = `<!DOCTYPE Document [<!ENTITY a0 "ha">${Array.from({ length: 40 }, (_, i) => `<!ENTITY a${i + 1} "&a${i};&a${i};">`).join('')}]>`

/** What stands once, and what is repeated until the file has its size; then perhaps an error. */
const kinds: [name: string, start: string, repeated: string | Uint8Array, code: string, end?: string][] = [
  ['random bytes', '', Uint8Array.from({ length: mib }, (_, i) => (i * 2_654_435_761) >>> 13), 'ISO20022_'],
  ['nothing but zeros', '', new Uint8Array(mib), 'ISO20022_ENCODING_UNSUPPORTED'],
  ['text without a line end', '', 'x'.repeat(mib), 'ISO20022_XML_MALFORMED'],
  ['one endless element', `${head}<CdtTrfTxInf><PmtId>`, 'a'.repeat(mib), 'ISO20022_XML_TOO_LONG'],
  [
    'endless attributes',
    `${head}<CdtTrfTxInf`,
    Array.from({ length: 50_000 }, (_, i) => ` a${i}="b"`).join(''),
    'ISO20022_XML_',
  ],
  ['a billion laughs', `${laughs}<Document>&a40;`, 'ha'.repeat(mib / 2), 'ISO20022_XML_DOCTYPE'],
  ['deep nesting', `${head}<SplmtryData><Envlp>`, '<a>'.repeat(300_000), 'ISO20022_XML_TOO_DEEP'],
  ['elements that mean nothing', head, '<x/>'.repeat(200_000), 'ISO20022_PROBLEMS_TOO_MANY'],
  ['comments alone', head, `<!-- ${'x'.repeat(1_000)} -->`.repeat(1_000), 'ISO20022_XML_TOO_LONG'],
  ['a valid start that never ends', head, manyPayments, 'ISO20022_XML_MALFORMED'],
  [
    'payments with an error near the end',
    head,
    manyPayments,
    'ISO20022_ELEMENT_UNKNOWN',
    '<Bad/></PmtInf></CstmrCdtTrfInitn></Document>',
  ],
]

async function writeNonsense(path: string, start: string, repeated: string | Uint8Array, end: string): Promise<void> {
  const piece = Buffer.from(repeated as string)
  const bytes = function* (): Generator<Uint8Array> {
    yield Buffer.from(start)
    for (let written = start.length; written + piece.length < nonsenseBytes; written += piece.length) yield piece
    yield Buffer.from(end)
  }
  await pipeline(Readable.from(bytes(), { objectMode: false }), createWriteStream(path))
}

describe.skipIf(!isBuilt || process.platform !== 'linux')('large files', () => {
  let cwd: string
  let remove: () => Promise<void>

  beforeAll(async () => {
    ;({ cwd, remove } = await temporaryHome())
    const set = await tallystick(cwd, 'demo', '--exit', '--packed')
    expect([set.exit, set.errors]).toEqual([0, ''])
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    await mkdir(join(cwd, 'files'))
  }, 300_000)
  afterAll(async () => {
    await tallystick(cwd, 'network', 'stop')
    await remove()
  }, 60_000)

  it.each(kinds)(
    '%s: refused by code, streamed, in bounded memory',
    async (_, before, repeated, code, end = '') => {
      const path = join(cwd, 'files', 'nonsense.xml')
      await writeNonsense(path, before, repeated, end)
      const { exit, output, errors, peakMib } = await watched(cwd, 'payments', 'import', path)
      console.log(`${nonsenseBytes / mib} MiB of nonsense: at most ${peakMib.toFixed(0)} MiB of memory`)
      expect([exit, output]).toEqual([2, expect.stringContaining(code)])
      expect(errors).toContain('PAYMENTS_FILE_REFUSED')
      expect(peakMib).toBeLessThan(nonsenseMemoryMax)
    },
    300_000,
  )

  it(`${payments} payments are all paid, in bounded memory`, async () => {
    const path = join(cwd, 'files', 'large.xml')
    const customers = exampleCustomers().filter(({ state }) => state === 'active')
    const of = (role: string) => customers.filter((customer) => customer.role === role).map(({ account }) => account)
    const businessDate = new Date().toISOString().slice(0, 10)
    const plan = {
      seed: 'large',
      businessDate,
      messageId: 'LARGE',
      debtors: of('debtor'),
      creditors: of('creditor'),
      payments,
    }
    await pipeline(Readable.from(streamExample(plan)), createWriteStream(path))
    const { exit, output, errors, peakMib } = await watched(cwd, 'payments', 'import', path, '--packed', '--json')
    expect(exit, errors).toBe(0)
    expect(JSON.parse(output)).toMatchObject({
      payments,
      paid: payments,
      rejected: 0,
      open: 0,
      receiptsVerified: payments,
    })
    console.log(`${payments} payments: at most ${peakMib.toFixed(0)} MiB of memory`)
    expect(peakMib).toBeLessThan(importMemoryMax)
  }, 900_000)
})
