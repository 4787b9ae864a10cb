import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type JournalOptions, openJournal } from './journal.ts'
import { frameHeaderBytes, segmentHeaderBytes } from './segment-format.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const ledger = new Uint8Array(32).fill(7)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

async function readAll(directory: string, changes: Partial<JournalOptions> = {}) {
  const journal = await openJournal({ directory, ledger, reservation: undefined, ...changes })
  const { records, damaged } = journal.read()
  await journal.close()
  return { records: records.map((record) => new TextDecoder().decode(record)), damaged }
}

async function write(directory: string, ...turns: string[][]): Promise<void> {
  const journal = await openJournal({ directory, ledger, reservation: undefined })
  for (const turn of turns) await journal.append(turn.map(text))
  await journal.close()
}

const segmentOf = (directory: string): string =>
  join(directory, readdirSync(directory).find((name) => name.endsWith('.log'))!)

test('every start copies the journal into a new segment, which alone is left', async () => {
  const directory = temporaryFolder()
  await write(directory, ['block', 'vote'], ['certificate'])
  const before = segmentOf(directory)
  expect(await readAll(directory)).toEqual({ records: ['block', 'vote', 'certificate'], damaged: false })
  expect(segmentOf(directory)).not.toBe(before)
  expect(readdirSync(directory)).toHaveLength(1)
})

test('the records of one turn are there together or not at all', async () => {
  const directory = temporaryFolder()
  await write(directory, ['a'], ['block', 'certificate', 'vote'])
  const file = segmentOf(directory)
  const whole = readFileSync(file)
  for (let cut = 1; cut < whole.length - segmentHeaderBytes; cut += 3) {
    writeFileSync(file, whole.subarray(0, whole.length - cut))
    const { records, damaged } = await readAll(directory)
    expect([['a'], []]).toContainEqual(records)
    expect(damaged).toBe(false)
    rmSync(segmentOf(directory))
  }
})

test('compaction leaves the live records alone', async () => {
  const directory = temporaryFolder()
  const journal = await openJournal({ directory, ledger, reservation: undefined })
  await journal.append([text('old')])
  await Promise.all([journal.compact([text('live')]), journal.append([text('next')])])
  await journal.close()
  expect(await readAll(directory)).toEqual({ records: ['live', 'next'], damaged: false })
})

const reserved = { epoch: 0, view: 512 }

async function damage(directory: string): Promise<void> {
  await write(directory, ['first'], ['second'], ['third'])
  const file = segmentOf(directory)
  const bytes = readFileSync(file)
  bytes[segmentHeaderBytes + frameHeaderBytes + bytes.indexOf('second') - bytes.indexOf('first')]! ^= 1
  writeFileSync(file, bytes)
}

test('damage in the middle is refused with file and offset, and the files stay as they are', async () => {
  const directory = temporaryFolder()
  await damage(directory)
  const file = segmentOf(directory)
  const before = readFileSync(file)
  for (let start = 0; start < 2; start++) {
    const offset = segmentHeaderBytes + (before.indexOf('second') - before.indexOf('first'))
    await expect(readAll(directory, { reservation: reserved })).rejects.toMatchObject({
      code: 'JOURNAL_DAMAGED',
      file,
      offset,
    })
  }
  expect(readFileSync(file)).toEqual(before)
})

test('a loss is remembered over starts and compactions until finality has passed what was reserved then', async () => {
  const directory = temporaryFolder()
  expect((await readAll(directory, { reservation: reserved })).damaged).toBe(true)
  const journal = await openJournal({ directory, ledger, reservation: { epoch: 0, view: 768 } })
  expect(journal.read().damaged).toBe(true)
  await journal.compact([text('live')])
  await journal.close()
  expect(await readAll(directory, { reservation: { epoch: 0, view: 768 }, floor: { epoch: 0, view: 511 } })).toEqual({
    records: ['live'],
    damaged: true,
  })
  expect(await readAll(directory, { reservation: { epoch: 0, view: 768 }, floor: reserved })).toEqual({
    records: ['live'],
    damaged: false,
  })
  expect(await readAll(directory, { reservation: { epoch: 0, view: 768 } })).toEqual({
    records: ['live'],
    damaged: false,
  })
})

test('a damaged header is refused like a damaged record', async () => {
  const directory = temporaryFolder()
  await write(directory, ['vote'])
  const file = segmentOf(directory)
  const bytes = readFileSync(file)
  bytes[40]! ^= 1
  writeFileSync(file, bytes)
  await expect(readAll(directory, { reservation: reserved })).rejects.toMatchObject({
    code: 'JOURNAL_DAMAGED',
    offset: 0,
  })
})

test('a missing journal beside a reservation is a loss; without one it is a first start', async () => {
  expect(await readAll(temporaryFolder(), { reservation: reserved })).toEqual({ records: [], damaged: true })
  expect(await readAll(temporaryFolder())).toEqual({ records: [], damaged: false })
})

test('with journal and reservation both lost the key is unsafe, at every start, and the files stay as they are', async () => {
  const directory = temporaryFolder()
  await damage(directory)
  const before = readFileSync(segmentOf(directory))
  for (let start = 0; start < 2; start++) {
    const opening = openJournal({ directory, ledger, reservation: undefined, reservationLost: true })
    await expect(opening).rejects.toMatchObject({ code: 'CONSENSUS_KEY_UNSAFE' })
  }
  expect(readFileSync(segmentOf(directory))).toEqual(before)
  const missing = openJournal({
    directory: temporaryFolder(),
    ledger,
    reservation: undefined,
    reservationLost: true,
  })
  await expect(missing).rejects.toMatchObject({ code: 'CONSENSUS_KEY_UNSAFE' })
})

test('a damaged reservation beside a whole journal is no loss', async () => {
  const directory = temporaryFolder()
  await write(directory, ['vote'])
  expect(await readAll(directory, { reservationLost: true })).toEqual({ records: ['vote'], damaged: false })
})

test('a file cut within its header is refused as foreign', async () => {
  const directory = temporaryFolder()
  await write(directory, ['vote'])
  truncateSync(segmentOf(directory), 20)
  await expect(openJournal({ directory, ledger, reservation: reserved })).rejects.toMatchObject({
    code: 'STORAGE_FOREIGN_FILE',
  })
})
