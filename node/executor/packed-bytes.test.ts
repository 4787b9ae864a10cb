import { expect, test } from 'vitest'
import { PackedEnd, PackedReader, PackedWriter } from './packed-bytes.ts'

test('numbers come back, in as few bytes as they need', () => {
  const numbers = [0, 1, 127, 128, 2 ** 14 - 1, 2 ** 14, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1]
  const writer = new PackedWriter(4)
  for (const number of numbers) {
    const before = writer.length
    writer.number(number)
    expect(writer.length - before).toBe(Math.max(1, Math.ceil(Math.log2(number + 1) / 7)))
  }
  writer.sized(Uint8Array.of(1, 2, 3))
  const reader = new PackedReader(writer.view())
  expect(numbers.map(() => reader.number())).toEqual(numbers)
  expect([...reader.sized()]).toEqual([1, 2, 3])
  expect(() => reader.byte()).toThrow(PackedEnd)
  expect(() => new PackedReader(Uint8Array.of(128)).number()).toThrow(PackedEnd)
  expect(() => new PackedReader(Uint8Array.of(9, 1)).sized()).toThrow(PackedEnd)
})
