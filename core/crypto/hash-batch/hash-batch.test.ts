import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { taggedHash } from '../hash.ts'
import { HashBatch, HashPasses, hashKind, messagesPerPass } from './index.ts'
import { Kernel } from './kernel.ts'

const kinds = ['tallystick/test-batch-one', 'tallystick/test-batch-two', 'tallystick/test-batch-three']

interface Message {
  kind: number
  bytes: Uint8Array
}

/** Bytes that differ from message to message; what they are doesn't matter. */
function messageOf(length: number, index: number): Message {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 167 + index * 59 + (i >>> 8) * 31) & 0xff)
  return { kind: index % kinds.length, bytes }
}

function add(batch: HashBatch, messages: readonly Message[]): void {
  for (const { kind, bytes } of messages) {
    const at = batch.begin(hashKind(kinds[kind]!), bytes.length)
    batch.memory.set(bytes, at)
  }
}

function expectDigests(batch: HashBatch, messages: readonly Message[]): void {
  expect(batch.count).toBe(messages.length)
  messages.forEach(({ kind, bytes }, i) => {
    const digest = batch.digests.slice(32 * i, 32 * i + 32)
    // Comparing bytes by expect costs more than all hashes.
    if (Buffer.compare(digest, taggedHash(kinds[kind]!, bytes)) !== 0) {
      throw new Error(
        `message ${i} of ${messages.length}, of ${bytes.length} bytes and kind ${kind}, has another digest`,
      )
    }
  })
}

function check(batch: HashBatch, messages: readonly Message[]): void {
  batch.clear()
  add(batch, messages)
  batch.run()
  expectDigests(batch, messages)
}

const manyLengths = [...Array.from({ length: 1_200 }, (_, i) => i + 1), 10_000, 200_000, 5].map(messageOf)

afterEach(() => {
  vi.unstubAllGlobals()
})

test('digests are those of taggedHash, whatever the length', () => {
  check(new HashBatch(), manyLengths)
})

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 5_000])('a batch of %i equally long messages', (count) => {
  check(
    new HashBatch(),
    Array.from({ length: count }, (_, i) => messageOf(100, i)),
  )
})

test('one message alone, of each length', () => {
  const batch = new HashBatch()
  for (const message of manyLengths) check(batch, [message])
})

test('random batches, one after the other in the same memory', () => {
  const batch = new HashBatch()
  const lengths = fc.array(fc.integer({ min: 1, max: 1_400 }), { maxLength: 60, size: 'max' })
  fc.assert(
    fc.property(lengths, fc.nat(255), (of, first) => {
      check(
        batch,
        of.map((length, i) => messageOf(length, first + i)),
      )
    }),
    { numRuns: 150 },
  )
})

test('messages may be written after others have begun', () => {
  const batch = new HashBatch()
  const messages = [70, 3, 64, 200].map(messageOf)
  const places = messages.map(({ kind, bytes }) => batch.begin(hashKind(kinds[kind]!), bytes.length))
  messages.forEach(({ bytes }, i) => {
    batch.memory.set(bytes, places[i])
  })
  batch.run()
  expectDigests(batch, messages)
})

test('a batch goes on after it was run, and digests of before are kept', () => {
  const batch = new HashBatch()
  const messages = manyLengths.slice(0, 500)
  check(batch, messages.slice(0, 30))
  add(batch, messages.slice(30))
  expect(batch.digests.slice(0, 32)).toEqual(taggedHash(kinds[0]!, messages[0]!.bytes))
  batch.run()
  expectDigests(batch, messages)
})

test('a kind that is named after the first run', () => {
  const batch = new HashBatch()
  check(batch, [messageOf(10, 0)])
  batch.clear()
  batch.memory.set([7], batch.begin(hashKind('tallystick/test-batch-late'), 1))
  batch.run()
  expect(batch.digests.slice(0, 32)).toEqual(taggedHash('tallystick/test-batch-late', Uint8Array.of(7)))
})

test('an empty batch has nothing to run', () => {
  const batch = new HashBatch()
  batch.run()
  expect(batch.count).toBe(0)
})

test('memory that grew far is given back by clear, and the batch serves on', () => {
  const batch = new HashBatch()
  check(batch, [messageOf(100, 0)])
  const small = batch.memory
  check(batch, [messageOf(100, 1)])
  expect(batch.memory).toBe(small)
  const large = { kind: 2, bytes: new Uint8Array(40 * 1024 * 1024).fill(2) }
  check(batch, [messageOf(100, 3), large])
  expect(batch.memory.length).toBeGreaterThan(large.bytes.length)
  check(batch, [messageOf(100, 4)])
  expect(batch.memory.length).toBeLessThan(1024 * 1024)
})

test.each([
  ['no WebAssembly', undefined],
  [
    'an engine without SIMD',
    {
      Module: class {
        constructor() {
          throw new Error('invalid module')
        }
      },
    },
  ],
])('the same digests with %s', async (_, webAssembly) => {
  vi.resetModules()
  vi.stubGlobal('WebAssembly', webAssembly)
  const plain = await import('./index.ts')
  expect((await import('./kernel.ts')).Kernel.create()).toBeUndefined()
  for (const kind of kinds) plain.hashKind(kind)
  const batch = new plain.HashBatch()
  for (const messages of [manyLengths, manyLengths.slice(20, 40)]) {
    batch.clear()
    for (const { kind, bytes } of messages) {
      const at = batch.begin(plain.hashKind(kinds[kind]!), bytes.length)
      batch.memory.set(bytes, at)
    }
    batch.run()
    expectDigests(batch, messages)
  }
})

test('this engine does run the kernel', () => {
  expect(Kernel.create()).toBeDefined()
})

test.each([0, -1, Number.NaN, 2 ** 32 + 1])('error: a message of %d bytes', (length) => {
  expect(() => new HashBatch().begin(hashKind(kinds[0]!), length)).toThrow(RangeError)
})

test('error: a kind that was never named', () => {
  expect(() => new HashBatch().begin(10_000, 1)).toThrow(RangeError)
})

test('error: more than a batch takes', () => {
  const batch = new HashBatch()
  const kind = hashKind(kinds[0]!)
  expect(() => {
    for (let i = 0; i < 5; i++) batch.begin(kind, 60 * 1024 * 1024)
  }).toThrow(RangeError)
})

test.each([
  ['with lanes', false],
  ['without WebAssembly', true],
])('chains of hashes side by side are one batch, %s', async (_, isPlain) => {
  if (isPlain) {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
  }
  const { HashBatch: Batch, hashKind: kindOf, sideBySide } = await import('./index.ts')
  const kind = kindOf(kinds[0]!)
  const lengths = [9, 1, 6, 6, 3]
  const leaf = (chain: number, step: number) => messageOf(32, 100 * chain + step).bytes
  const batch = new Batch()
  const before = lengths.map((_of, chain) => ({ index: -1, link: messageOf(32, 7_000 + chain).bytes }))
  for (let step = 0; step < Math.max(...lengths); step++) {
    for (const [chain, length] of lengths.entries()) {
      if (step >= length) continue
      const index = batch.count
      const at = batch.begin(kind, 64)
      const last = before[chain]!
      if (step === 0) batch.memory.set(last.link, at)
      else batch.redirect(last.index, at)
      batch.memory.set(leaf(chain, step), at + 32)
      last.index = index
      last.link = taggedHash(kinds[0]!, last.link, leaf(chain, step))
    }
    while (batch.count % sideBySide !== 0) batch.begin(kind, 64)
  }
  batch.run()
  for (const { index, link } of before) expect(batch.digests.slice(32 * index, 32 * index + 32)).toEqual(link)
})

test('passes write their digests behind each other', () => {
  const messages = Array.from({ length: 2 * messagesPerPass + 3 }, (_, i) => messageOf(1 + (i % 90), i))
  const batch = new HashBatch()
  check(batch, [messageOf(100, 1)])
  const passes = new HashPasses(batch, messages.length)
  for (const { kind, bytes } of messages) {
    const at = passes.begin(hashKind(kinds[kind]!), bytes.length)
    batch.memory.set(bytes, at)
  }
  const digests = passes.take()
  expect(digests.length).toBe(32 * messages.length)
  for (const [i, { kind, bytes }] of messages.entries()) {
    if (Buffer.compare(digests.subarray(32 * i, 32 * i + 32), taggedHash(kinds[kind]!, bytes)) !== 0)
      throw new Error(`message ${i} has another digest`)
  }
})
