import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader, frameHeader } from './frames.ts'

const kinds = ['hello', 'message', 'alive', 'goodbye'] as const
const frames = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 300 })), { maxLength: 20 })

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sent, cuts) => {
      const stream = Buffer.concat(sent.flatMap(([kind, content]) => [frameHeader(kind, content.length), content]))
      const reader = new FrameReader(300)
      const got: [string, Uint8Array][] = []
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = cuts[i % cuts.length]!
        reader.push(stream.subarray(at, at + size))
        at += size
        for (let frame = reader.next(); frame !== undefined; frame = reader.next())
          got.push([frame.kind, frame.content])
      }
      expect(got).toEqual(sent)
    }),
  )
})

test('a frame above the limit is refused before its content has come', () => {
  const reader = new FrameReader(100)
  reader.push(frameHeader('message', 101))
  expect(() => reader.next()).toThrow(expect.objectContaining({ code: 'NETWORK_FRAME_TOO_LARGE' }))
})

test('a message is a copy that later bytes do not change', () => {
  const reader = new FrameReader(100)
  const chunk = Buffer.concat([frameHeader('message', 3), Buffer.from([1, 2, 3])])
  reader.push(chunk)
  const frame = reader.next()
  chunk.fill(0)
  expect(frame?.content).toEqual(Uint8Array.of(1, 2, 3))
})
