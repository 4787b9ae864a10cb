import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AppendLog, type AppendLogOptions, type CutTail } from './append-log.ts'
import { frameHeaderBytes, segmentHeaderBytes } from './segment-format.ts'
import { ended, outputOf, startChild } from './testing/compiled-child.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

const ledger = new Uint8Array(32).fill(7)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)

function optionsOf(directory: string, changes: Partial<AppendLogOptions> = {}): AppendLogOptions {
  const format = { name: 'test', version: 3 }
  return { directory, name: 'log', format, ledger, segmentBytesMax: 4_096, recordBytesMax: 1_024, ...changes }
}

async function contentOf(log: AppendLog): Promise<string[]> {
  const records: string[] = []
  for (const segment of log.segments) {
    for (const { record } of await log.recordsOf(segment)) records.push(new TextDecoder().decode(record))
  }
  return records
}

async function reopened(options: AppendLogOptions): Promise<string[]> {
  const log = await AppendLog.open(options)
  const content = await contentOf(log)
  await log.close()
  return content
}

async function written(directory: string, ...values: string[]): Promise<string> {
  const log = await AppendLog.open(optionsOf(directory))
  log.append(values.map(text))
  await log.close()
  return join(directory, 'log-00000001.log')
}

test('keeps records over a reopening, and reads each by its place', async () => {
  const directory = temporaryFolder()
  const log = await AppendLog.open(optionsOf(directory))
  const [first, empty] = log.append([text('first'), text('')])
  expect(log.read(first!)).toEqual(text('first'))
  await log.sync()
  const [last] = log.append([text('last')])
  await log.sync()
  expect([first, empty, last].map((at) => new TextDecoder().decode(log.read(at!)))).toEqual(['first', '', 'last'])
  await log.close()
  expect(await reopened(optionsOf(directory))).toEqual(['first', '', 'last'])
})

test('behaves as a list for any sequence of appends, syncs, replacements and reopenings', async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('append' as const), sizes: fc.array(fc.nat(900), { maxLength: 5 }) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('replace' as const), keep: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const directory = temporaryFolder()
      let log = await AppendLog.open(optionsOf(directory))
      let model: string[] = []
      let number = 0
      for (const next of steps) {
        if (next.kind === 'append') {
          const values = next.sizes.map((size) => `${number++} `.padEnd(size, 'x').slice(0, 900))
          log.append(values.map(text))
          model.push(...values)
        } else if (next.kind === 'replace') {
          model = model.slice(model.length - Math.min(next.keep, model.length))
          await log.replaceWith(model.map(text))
        } else if (next.kind === 'sync') void log.sync()
        else {
          await log.close()
          log = await AppendLog.open(optionsOf(directory))
          expect(await contentOf(log)).toEqual(model)
        }
      }
      await log.close()
      expect(await reopened(optionsOf(directory))).toEqual(model)
    }),
    { numRuns: 40 },
  )
})

test('cuts a last record that is incomplete, wherever the write ended, and reports it', async () => {
  const directory = temporaryFolder()
  const file = await written(directory, 'one', 'two', 'the last one')
  const bytes = readFileSync(file)
  const lastAt = bytes.length - frameHeaderBytes - 'the last one'.length
  for (let length = lastAt + 1; length < bytes.length; length++) {
    writeFileSync(file, bytes.subarray(0, length))
    const cuts: CutTail[] = []
    expect(await reopened(optionsOf(directory, { onCut: (cut) => cuts.push(cut) }))).toEqual(['one', 'two'])
    expect(cuts).toEqual([{ file, offset: lastAt, bytes: length - lastAt }])
    expect(readFileSync(file)).toEqual(bytes.subarray(0, lastAt))
  }
})

test('appends after a cut as if the cut record had never been', async () => {
  const directory = temporaryFolder()
  const file = await written(directory, 'one', 'two')
  writeFileSync(file, readFileSync(file).subarray(0, -1))
  const log = await AppendLog.open(optionsOf(directory))
  log.append([text('three')])
  await log.close()
  expect(await reopened(optionsOf(directory))).toEqual(['one', 'three'])
})

test('cuts a last record of zeros, as a file system leaves it that extends files before it writes them', async () => {
  const directory = temporaryFolder()
  const file = await written(directory, 'one', 'two')
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(300)]))
  expect(await reopened(optionsOf(directory))).toEqual(['one', 'two'])
})

test('refuses any changed byte of a record that others follow, and says where', async () => {
  const directory = temporaryFolder()
  const file = await written(directory, 'one', 'two', 'three')
  const bytes = readFileSync(file)
  const secondAt = segmentHeaderBytes + frameHeaderBytes + 3
  const thirdAt = secondAt + frameHeaderBytes + 3
  for (let at = secondAt; at < thirdAt; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 0x10
    writeFileSync(file, changed)
    const opening = AppendLog.open(optionsOf(directory))
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_DAMAGED', file, offset: secondAt })
    expect(readFileSync(file), 'the file was not touched').toEqual(changed)
  }
})

test('refuses any changed byte of the header', async () => {
  const directory = temporaryFolder()
  const file = await written(directory, 'one')
  const bytes = readFileSync(file)
  for (let at = 0; at < segmentHeaderBytes; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 0x01
    writeFileSync(file, changed)
    const code = expect.stringMatching(/^STORAGE_(DAMAGED|FOREIGN_FILE|FORMAT_NEWER|FORMAT_OLDER)$/)
    await expect(AppendLog.open(optionsOf(directory)), `byte ${at}`).rejects.toMatchObject({ code })
  }
})

test('takes no bytes inside a torn record for a record that follows', async () => {
  const directory = temporaryFolder()
  const other = await written(temporaryFolder(), 'looks like a record')
  const log = await AppendLog.open(optionsOf(directory))
  log.append([new Uint8Array(readFileSync(other)), text('end')])
  await log.close()
  const file = join(directory, 'log-00000001.log')
  const whole = readFileSync(file)
  // Without its second half the first record is torn; what it quotes stays in the file.
  writeFileSync(file, whole.subarray(0, -frameHeaderBytes - 3 - 1))
  expect(await reopened(optionsOf(directory))).toEqual([])
})

test('refuses damage and loss in an older segment when it is read', async () => {
  const directory = temporaryFolder()
  const values = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(500, '.'))
  const file = await written(directory, ...values)
  expect(readdirSync(directory).length).toBeGreaterThan(2)
  writeFileSync(file, readFileSync(file).subarray(0, -1))
  const log = await AppendLog.open(optionsOf(directory))
  await expect(log.recordsOf(1)).rejects.toMatchObject({ code: 'STORAGE_DAMAGED', file })
  expect((await log.recordsOf(2)).length).toBeGreaterThan(0)
  await log.close()
})

test('refuses a record whose bytes changed since it was written', async () => {
  const directory = temporaryFolder()
  const log = await AppendLog.open(optionsOf(directory))
  const [at] = log.append([text('money'), text('more')])
  await log.sync()
  const file = log.pathOf(1)
  const bytes = readFileSync(file)
  bytes[at!.offset + frameHeaderBytes]! ^= 1
  writeFileSync(file, bytes)
  expect(() => log.read(at!)).toThrow(expect.objectContaining({ code: 'STORAGE_DAMAGED', offset: at!.offset }))
  await log.close()
})

test.each([
  ['another ledger', { ledger: new Uint8Array(32).fill(8) }, 'STORAGE_WRONG_LEDGER'],
  ['an older format', { format: { name: 'test', version: 4 } }, 'STORAGE_FORMAT_OLDER'],
  ['a newer format', { format: { name: 'test', version: 2 } }, 'STORAGE_FORMAT_NEWER'],
  ['another kind of log', { format: { name: 'other', version: 3 } }, 'STORAGE_FOREIGN_FILE'],
])('refuses a file of %s', async (_name, changes, code) => {
  const directory = temporaryFolder()
  await written(directory, 'one')
  await expect(AppendLog.open(optionsOf(directory, changes))).rejects.toMatchObject({ code })
})

test('refuses a record above the limit and takes one at the limit', async () => {
  const log = await AppendLog.open(optionsOf(temporaryFolder()))
  expect(() => log.append([new Uint8Array(1_025)])).toThrow(
    expect.objectContaining({ code: 'STORAGE_RECORD_TOO_LARGE' }),
  )
  const [at] = log.append([new Uint8Array(1_024)])
  await log.sync()
  expect(log.read(at!)).toHaveLength(1_024)
  await log.close()
})

test('a replacement deletes the older segments only when the new one is there', async () => {
  const directory = temporaryFolder()
  await written(directory, ...Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(500, '.')))
  const older = new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]))
  const log = await AppendLog.open(optionsOf(directory))
  await log.replaceWith([text('live')])
  await log.close()
  expect(readdirSync(directory)).toHaveLength(1)
  // As if the process had died between the two: the older files are still there, and a half-written newer one.
  for (const [name, bytes] of older) writeFileSync(join(directory, name), bytes)
  writeFileSync(join(directory, 'log-00000099.log.0123456789ab.tmp'), 'half')
  expect(await reopened(optionsOf(directory))).toEqual(['live'])
  expect(readdirSync(directory)).toHaveLength(1)
})

test('a failed write ends the log for good, and nothing of it is tried again', async () => {
  const directory = temporaryFolder()
  const log = await AppendLog.open(optionsOf(directory))
  log.append([text('kept')])
  await log.sync()
  renameSync(directory, `${directory}.gone`)
  log.append(Array.from({ length: 20 }, () => new Uint8Array(500)))
  const both = await Promise.allSettled([log.sync(), log.sync()])
  expect(both.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
    'STORAGE_SYNC_FAILED',
    'STORAGE_SYNC_FAILED',
  ])
  mkdirSync(directory)
  await expect(log.sync()).rejects.toMatchObject({ code: 'STORAGE_SYNC_FAILED' })
  expect(() => log.append([text('late')])).toThrow(expect.objectContaining({ code: 'STORAGE_SYNC_FAILED' }))
  await log.close()
  expect(readdirSync(directory)).toEqual([])
  rmSync(directory, { recursive: true })
  renameSync(`${directory}.gone`, directory)
  expect((await reopened(optionsOf(directory)))[0]).toBe('kept')
})

test('everything that was acknowledged before a kill is there afterwards, in order', async () => {
  const directory = temporaryFolder()
  const child = startChild(
    directory,
    `const log = await storage.AppendLog.open({
      directory: ${JSON.stringify(directory)}, name: 'log', format: { name: 'test', version: 3 },
      ledger: new Uint8Array(32).fill(7), segmentBytesMax: 4096, recordBytesMax: 1024 })
    for (let i = 0; ; i++) {
      log.append([new TextEncoder().encode(String(i).padEnd(i % 700, '.'))])
      await log.sync()
      process.stdout.write(i + '\\n')
    }`,
  )
  const exit = ended(child)
  const output = await outputOf(child, (printed) => printed.split('\n').length > 200)
  child.kill('SIGKILL')
  await exit
  const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n').length
  const found = await reopened(optionsOf(directory))
  expect(found.length).toBeGreaterThanOrEqual(acknowledged)
  expect(found).toEqual(found.map((_, i) => String(i).padEnd(i % 700, '.')))
})
