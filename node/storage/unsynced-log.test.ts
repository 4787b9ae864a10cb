import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './testing/temporary-folder.ts'
import { type PlacedRecord, UnsyncedLog } from './unsynced-log.ts'

const open = (directory: string, ledger = new Uint8Array(32).fill(7)) =>
  UnsyncedLog.open({
    directory,
    name: 'results',
    format: { name: 'results', version: 1 },
    ledger,
    segmentBytesMax: 4_096,
    recordBytesMax: 65_536,
  })

const recordAt = (n: number): Uint8Array => new Uint8Array(1 + ((n * 37) % 400)).fill(n % 256)
const allOf = (log: UnsyncedLog): PlacedRecord[] => log.segments.flatMap((segment) => log.recordsOf(segment))

async function filled(directory: string, count: number): Promise<number[]> {
  const log = await open(directory)
  const places = Array.from({ length: count }, (_, n) => log.append(recordAt(n)))
  await log.close()
  return places
}

/** A file name and its length, oldest first. */
function files(directory: string): { path: string; bytes: Uint8Array }[] {
  const names = readdirSync(directory).sort()
  return names.map((name) => ({ path: join(directory, name), bytes: readFileSync(join(directory, name)) }))
}

describe('an unsynced log', () => {
  test('keeps records at their places over segments and reopenings', async () => {
    const directory = temporaryFolder()
    const places = await filled(directory, 100)
    const log = await open(directory)
    expect(log.segments.length).toBeGreaterThan(3)
    expect(allOf(log).map(({ at, record }) => [at, [...record]])).toEqual(places.map((at, n) => [at, [...recordAt(n)]]))
    for (const [n, at] of places.entries()) expect(log.read(at, recordAt(n).length)).toEqual(recordAt(n))
    const next = log.nextPlace()
    expect(log.append(recordAt(100))).toBe(next)
    expect(log.bytes).toBe(files(directory).reduce((sum, { bytes }) => sum + bytes.length, 0))
    await log.close()
  })

  test('cut anywhere in its last file, it ends with the last whole record', async () => {
    const directory = temporaryFolder()
    await filled(directory, 40)
    const { path, bytes } = files(directory).at(-1)!
    const whole = allOf(await open(directory)).length
    for (let length = bytes.length - 1; length >= 0; length -= 53) {
      writeFileSync(path, bytes)
      truncateSync(path, length)
      const log = await open(directory)
      const left = allOf(log)
      expect(left.length).toBeLessThan(whole)
      expect(left.map(({ record }) => [...record])).toEqual(left.map((_, n) => [...recordAt(n)]))
      log.append(recordAt(left.length))
      await log.close()
      const again = await open(directory)
      expect(allOf(again)).toHaveLength(left.length + 1)
      await again.close()
    }
  })

  test('is cut behind a record, in whichever segment it stands', async () => {
    const directory = temporaryFolder()
    await filled(directory, 100)
    for (const kept of [90, 41, 7, 1]) {
      const log = await open(directory)
      log.cutAfter(allOf(log)[kept - 1]!)
      expect(allOf(log)).toHaveLength(kept)
      log.append(recordAt(kept))
      await log.close()
    }
    const log = await open(directory)
    expect(allOf(log).map(({ record }) => [...record])).toEqual([0, 1].map((n) => [...recordAt(n)]))
    log.clear()
    expect(allOf(log)).toEqual([])
    await log.close()
  })

  test('drops old segments, and goes on after it', async () => {
    const directory = temporaryFolder()
    await filled(directory, 60)
    const log = await open(directory)
    log.roll()
    const from = log.segments.at(-1)!
    log.append(recordAt(60))
    await log.sync()
    log.dropBefore(from)
    expect(log.segments).toEqual([from])
    await log.close()
    const again = await open(directory)
    expect(allOf(again).map(({ record }) => [...record])).toEqual([[...recordAt(60)]])
    await again.close()
  })

  test('error: a write that fails ends it, so that no later record stands without the ones before', async () => {
    const directory = temporaryFolder()
    const places = await filled(directory, 1)
    const log = await open(directory)
    while (log.segments.length === 1) places.push(log.append(recordAt(places.length)))
    // Without its folder the log can begin no further segment.
    renameSync(directory, `${directory}-away`)
    const failed = expect.objectContaining({ code: 'STORAGE_SYNC_FAILED' })
    expect(() => {
      for (;;) places.push(log.append(recordAt(places.length)))
    }).toThrow(failed)
    renameSync(`${directory}-away`, directory)
    expect(() => log.append(recordAt(0))).toThrow(failed)
    expect(() => log.roll()).toThrow(failed)
    await log.close()
    const again = await open(directory)
    expect(allOf(again).map(({ at }) => at)).toEqual(places)
    await again.close()
  })

  test('error: damage before the end, a missing segment and another ledger are told', async () => {
    const directory = temporaryFolder()
    await filled(directory, 60)
    const [first, second] = files(directory)
    writeFileSync(
      first!.path,
      first!.bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
    )
    const log = await open(directory)
    expect(() => log.recordsOf(1)).toThrow(expect.objectContaining({ code: 'STORAGE_DAMAGED', file: first!.path }))
    await log.close()
    rmSync(second!.path)
    await expect(open(directory)).rejects.toMatchObject({ code: 'STORAGE_DAMAGED' })
    await expect(open(directory, new Uint8Array(32))).rejects.toMatchObject({ code: 'STORAGE_WRONG_LEDGER' })
  })
})
