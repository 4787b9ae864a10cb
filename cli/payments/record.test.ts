import { appendFile, mkdtemp, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pain001File } from '@tallystick/iso20022'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PaymentOutcome } from './outcome.ts'
import type { PlannedPayment } from './plan.ts'
import { RecordWriter, readRecord, recordName, recordPaths } from './record.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tallystick-record-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

const file = { messageId: 'MSG' } as Pain001File
const field = { name: 'creditor.name', value: 'Bob', salt: new Uint8Array(32).fill(3) }
const planned = (ordinal: number): PlannedPayment =>
  ({
    payment: {
      ordinal,
      paymentInformationId: 'P',
      endToEndId: `E${ordinal}`,
      currency: 'EUR',
      amountMinor: 5n,
      businessDate: '2026-11-20',
    },
    fields: [field],
  }) as unknown as PlannedPayment
const paid: PaymentOutcome = { kind: 'paid', receipt: { id: 'aa', action: 0, height: 3, timeMs: 5, file: 'aa.json' } }

async function write(name: string, ordinals: readonly number[], outcome: PaymentOutcome | undefined): Promise<string> {
  const writer = await RecordWriter.open(home, name, file, '/tmp/file.xml')
  await writer.planned(ordinals.map(planned))
  if (outcome !== undefined) await writer.settled(ordinals.map((ordinal) => ({ ordinal, outcome }) as never))
  await writer.close()
  return writer.path
}

it('keeps openings and outcomes, for the owner only', async () => {
  const path = await write('one', [1, 2], paid)
  const { payments, messageId } = await readRecord(path)
  expect(messageId).toBe('MSG')
  expect(payments.get(2)).toMatchObject({ endToEndId: 'E2', amountMinor: '5', fields: [field], outcome: paid })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

it('is whole up to the line where a killed importer stopped, and the next run goes on behind it', async () => {
  const path = await write('two', [1, 2, 3], undefined)
  const size = (await stat(path)).size
  for (let cut = 2; cut < 150; cut += 13) {
    await truncate(path, size - cut)
    const { payments } = await readRecord(path)
    expect(payments.has(1)).toBe(true)
    expect(payments.has(3)).toBe(false)
    await write('two', [3], paid)
    expect((await readRecord(path)).payments.get(3)?.outcome).toEqual(paid)
    await rm(path)
    await write('two', [1, 2, 3], undefined)
  }
})

it('keeps lines apart that are written at the same time, and notes a payment once however often its file is imported', async () => {
  const writer = await RecordWriter.open(home, 'five', file, '/tmp/file.xml')
  const pieces = Array.from({ length: 8 }, (_, piece) => Array.from({ length: 300 }, (_, i) => piece * 300 + i))
  await Promise.all(pieces.map((ordinals) => writer.planned(ordinals.map(planned))))
  await writer.settled(pieces.flat().map((ordinal) => ({ ordinal, outcome: paid }) as never))
  await writer.close()
  expect((await readRecord(writer.path)).payments.size).toBe(2_400)
  const { size } = await stat(writer.path)
  await write('five', pieces.flat(), paid)
  expect((await stat(writer.path)).size).toBeLessThan(size + 500)
})

it('says so where a line in the middle is damaged', async () => {
  const path = await write('three', [1], undefined)
  await appendFile(path, '{"kind":"payment","ord\n{"kind":"outcome"}\n')
  await expect(readRecord(path)).rejects.toMatchObject({ code: 'PAYMENT_RECORD_MALFORMED' })
  await write('three', [1], paid)
  expect((await readRecord(path)).payments.get(1)?.outcome).toEqual(paid)
})

it('keeps that a payment was paid, whatever a later run could not find out', async () => {
  const path = await write('four', [1], paid)
  await write('four', [1], { kind: 'open', code: 'CLIENT_WAIT_TIMEOUT', detail: '' })
  expect((await readRecord(path)).payments.get(1)?.outcome).toEqual(paid)
})

it('names a record by message and content, so that a corrected file has one of its own', async () => {
  expect(recordName('A/B C', 'ab'.repeat(32))).toBe('A-B-C-abababab')
  expect((await recordPaths(home)).map((path) => path.slice(home.length))).toContain('/payments/one.jsonl')
})
