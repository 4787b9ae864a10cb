import { expect, test } from 'vitest'
import { CodecError, compareBytes, equalBytes, fromHex, Reader, Sampler, toHex, Writer } from './index.ts'

test('a writer grows wherever its buffer ends', () => {
  for (let filled = 0; filled < 20; filled++) {
    const writer = new Writer(filled)
    for (let i = 0; i < filled; i++) writer.u8(i)
    writer.u64(1n)
    writer.u32(2)
    writer.u16(3)
    writer.u8(4)
    writer.bytes(new Uint8Array(100).fill(5))
    const start = Array.from({ length: filled }, (_, i) => i)
    const expected = [...start, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, ...Array<number>(100).fill(5)]
    expect([...writer.finish()]).toEqual(expected)
    expect(writer.length).toBe(expected.length)
  }
})

test('what a writer gave is not touched by later writes', () => {
  const writer = new Writer(8)
  writer.u8(1)
  const first = writer.finish()
  writer.u8(2)
  expect([...first]).toEqual([1])
})

test('a reader stops at the end, and a failed read takes nothing', () => {
  const reader = new Reader(Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4))
  expect(reader.remaining).toBe(3)
  expect(() => reader.u32()).toThrow(CodecError)
  expect(() => reader.bytes(2 ** 40)).toThrow(CodecError)
  expect(reader.offset).toBe(0)
  expect(reader.u16()).toBe(0x0201)
  expect(reader.u8()).toBe(3)
  expect(reader.remaining).toBe(0)
  expect([...reader.bytes(0)]).toEqual([])
})

test('bytes compare like words in a dictionary', () => {
  const words = ['', '00', '0000', '01', '0100', 'ff']
  for (const [i, a] of words.entries()) {
    for (const [j, b] of words.entries()) {
      expect(Math.sign(compareBytes(fromHex(a), fromHex(b)))).toBe(Math.sign(i - j))
      expect(equalBytes(fromHex(a), fromHex(b))).toBe(i === j)
    }
  }
})

test('hexadecimal is lower-case and of whole bytes', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  expect(toHex(all)).toBe(Buffer.from(all).toString('hex'))
  expect(fromHex(toHex(all))).toEqual(all)
  for (const wrong of ['0', '0G', 'AA', ' 0', '0é']) expect(() => fromHex(wrong), wrong).toThrow(CodecError)
})

test('the sampler is splitmix64, so its values stay the same for ever', () => {
  // The first outputs for seed 1234567, as published with the generator.
  const sampler = new Sampler(1234567n)
  const outputs = Array.from({ length: 5 }, () => sampler.u64())
  expect(outputs).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ])
})
