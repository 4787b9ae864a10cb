import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BlockNote } from '@tallystick/core/ledger'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../storage/testing/temporary-folder.ts'
import { ContractNotes } from './contract-notes.ts'

const id = (n: number) => new Uint8Array(32).fill(n) as BlockNote['contract']
const note = (contract: number, ...lines: string[]): BlockNote => ({
  contract: id(contract),
  code: id(100 + contract) as Uint8Array as BlockNote['code'],
  transaction: new Uint8Array(32) as BlockNote['transaction'],
  action: 0,
  name: 'act',
  lines,
  stack: undefined,
  fuelUsed: 7,
})
const texts = (notes: ContractNotes, contract: number, after?: number, limit = 10_000) =>
  notes.of(id(contract), after, limit).map(({ lines }) => lines[0])

test('notes are read by contract and from any number on, also after a restart', () => {
  const path = join(temporaryFolder(), 'notes.jsonl')
  const before = ContractNotes.open(path, 0)
  before.append(1, 1_000, [note(1)])
  expect(existsSync(path)).toBe(false)
  before.append(1, 1_000, [note(1, 'a'), note(1), note(2, 'b')])
  before.append(2, 2_000, [{ ...note(1, 'c'), stack: 'Error: x' }])
  before.append(3, 3_000, [])
  before.close()
  const notes = ContractNotes.open(path, 3)
  expect(notes.of(id(1), undefined, 10)).toMatchObject([
    { number: 1, height: 1, timeMs: 1_000, code: '65'.repeat(32), name: 'act', fuelUsed: 7, lines: ['a'] },
    { number: 3, height: 2, stack: 'Error: x' },
  ])
  expect([texts(notes, 1, 1), texts(notes, 1, 3), texts(notes, 2), texts(notes, 3)]).toEqual([['c'], [], ['b'], []])
  notes.append(4, 4_000, [note(1, 'd')])
  expect([texts(notes, 1, undefined, 2), texts(notes, 1, 0, 2)]).toEqual([
    ['c', 'd'],
    ['a', 'c'],
  ])
})

test('notes that name no code, as older nodes wrote them, are read and kept', () => {
  const path = join(temporaryFolder(), 'notes.jsonl')
  const before = ContractNotes.open(path, 0)
  before.append(1, 1_000, [note(1, 'a'), note(1, 'b')])
  before.close()
  const [first, ...rest] = readFileSync(path, 'utf8').split('\n')
  const { code, ...old } = JSON.parse(first!) as { code: string }
  expect(code).toBe('65'.repeat(32))
  writeFileSync(path, [JSON.stringify(old), ...rest].join('\n'))
  expect(ContractNotes.open(path, 1).of(id(1), undefined, 10)).toEqual([
    old,
    expect.objectContaining({ code, lines: ['b'] }),
  ])
})

test('what is noted of blocks that are executed again stands there once, and half a line is passed over', () => {
  const path = join(temporaryFolder(), 'notes.jsonl')
  const before = ContractNotes.open(path, 0)
  for (const height of [1, 2, 3]) before.append(height, height, [note(1, `block ${height}`)])
  before.close()
  appendFileSync(path, '{"number":4,"height":3,"con')
  const notes = ContractNotes.open(path, 1)
  expect(texts(notes, 1)).toEqual(['block 1'])
  for (const height of [2, 3]) notes.append(height, height, [note(1, `block ${height}`)])
  notes.close()
  expect(texts(ContractNotes.open(path, 3), 1)).toEqual(['block 1', 'block 2', 'block 3'])
})

test('lines of a contract and bytes of all are bounded; who writes much loses the own notes', () => {
  const path = join(temporaryFolder(), 'notes.jsonl')
  const limits = { linesMax: 100, bytesMax: 80_000 }
  const notes = ContractNotes.open(path, 0, limits)
  notes.append(1, 1, [note(7, 'quiet')])
  for (let height = 2; height < 120; height++) notes.append(height, height, [note(1, `${height}`)])
  expect(texts(notes, 1)).toHaveLength(50)
  expect(texts(notes, 1).at(-1)).toBe('119')
  let largest = 0
  for (let height = 120; height < 400; height++) {
    notes.append(height, height, [note(2 + (height % 4), 'x'.repeat(1_000))])
    largest = Math.max(largest, statSync(path).size)
  }
  expect(texts(notes, 7)).toEqual(['quiet'])
  expect([2, 3, 4, 5].map((contract) => texts(notes, contract).length > 3)).toEqual([true, true, true, true])
  expect(largest).toBeGreaterThan(limits.bytesMax)
  expect(largest).toBeLessThan(2.2 * limits.bytesMax)
  notes.close()
  const again = ContractNotes.open(path, 400, limits)
  for (const contract of [2, 3, 4, 5, 7]) {
    const [kept, read] = [notes, again].map((each) => each.of(id(contract), undefined, 100))
    const count = Math.min(kept!.length, read!.length)
    expect(count).toBeGreaterThan(contract === 7 ? 0 : 3)
    expect(read!.slice(-count)).toEqual(kept!.slice(-count))
  }
  again.append(
    400,
    400,
    Array.from({ length: 200 }, () => note(2, 'x'.repeat(1_000))),
  )
  expect(statSync(path).size).toBeLessThan(limits.bytesMax * 1.1)
})

test('a disk that takes nothing costs notes on it, and nothing else', () => {
  const path = join(temporaryFolder(), 'notes.jsonl')
  mkdirSync(path)
  const notes = ContractNotes.open(path, 0)
  notes.append(1, 1, [note(1, 'a')])
  expect(texts(notes, 1)).toEqual(['a'])
})
