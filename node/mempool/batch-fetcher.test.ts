import { decode } from '@tallystick/core/codec'
import type { BatchDigest } from '@tallystick/core/protocol'
import { afterEach, expect, test, vi } from 'vitest'
import { BatchFetcher, type FetchPeers } from './batch-fetcher.ts'
import { fetchRetryMs, onItsWayMs } from './limits.ts'
import { dataMessage } from './messages.ts'

const digestOf = (n: number): BatchDigest => new Uint8Array(32).fill(n) as unknown as BatchDigest
const hexOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(32)

const asked: { peer: number; height: number | undefined; digests: number[] }[] = []
const arriving = new Set<string>()
const peers: FetchPeers = {
  connected: () => [1, 2],
  send: (peer, bytes) => {
    const message = decode(dataMessage, bytes)
    if (message.kind !== 'want') throw new Error(message.kind)
    asked.push({ peer, height: message.height, digests: message.digests.map((digest) => digest[0]!) })
  },
}
const fetcher = new BatchFetcher(peers, (hex) => arriving.has(hex))
afterEach(() => {
  fetcher.stop()
  vi.useRealTimers()
})

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('the batches of one final block after another are asked for at once, each of the next peer, and again until they come', async () => {
  let done = 0
  void fetcher.want(digestOf(1), 7).then(() => done++)
  await pause(20)
  fetcher.arrived(hexOf(1))
  void fetcher.want(digestOf(2), 8).then(() => done++)
  await pause(20)
  // The second did not wait for the retry of the first.
  expect(asked).toEqual([
    { peer: 1, height: 7, digests: [1] },
    { peer: 2, height: 8, digests: [2] },
  ])
  expect(done).toBe(1)
  await pause(fetchRetryMs * 1.5)
  expect(asked.at(-1)).toEqual({ peer: 1, height: 8, digests: [2] })
  fetcher.arrived(hexOf(2))
  await pause(0)
  expect([done, fetcher.missing]).toEqual([2, 0])
})

test('what was asked for just now is not asked for again because another block is wanted too', async () => {
  vi.useFakeTimers()
  asked.length = 0
  for (let height = 11; height < 20; height++) {
    void fetcher.want(digestOf(height), height)
    await vi.advanceTimersByTimeAsync(3)
  }
  expect(asked.flatMap(({ digests }) => digests)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19])
})

test('a batch that a proposal listed is asked for at once when its block is final', async () => {
  vi.useFakeTimers()
  asked.length = 0
  void fetcher.want(digestOf(21))
  await vi.advanceTimersByTimeAsync(onItsWayMs)
  void fetcher.want(digestOf(21), 12)
  await vi.advanceTimersByTimeAsync(1)
  expect(asked.map(({ height, digests }) => ({ height, digests }))).toEqual([
    { height: undefined, digests: [21] },
    { height: 12, digests: [21] },
  ])
})

test('a slow peer is not asked ever more often: the pause before the next one is asked doubles', async () => {
  vi.useFakeTimers()
  asked.length = 0
  void fetcher.want(digestOf(22), 13)
  const times: number[] = []
  for (let quarter = 0; quarter < 40; quarter++) {
    await vi.advanceTimersByTimeAsync(fetchRetryMs / 4)
    while (times.length < asked.length) times.push(quarter / 4)
  }
  const pauses = times.slice(1).map((time, i) => time - times[i]!)
  expect(pauses.slice(0, 3).map(Math.round)).toEqual([1, 2, 4])
})

test('nobody is asked for a batch of which a copy is being checked', async () => {
  asked.length = 0
  arriving.add(hexOf(3))
  void fetcher.want(digestOf(3), 9)
  await pause(20)
  expect(asked).toEqual([])
  arriving.delete(hexOf(3))
  await pause(fetchRetryMs * 1.5)
  expect(asked.map(({ digests }) => digests)).toEqual([[3]])
})

test('of what proposals list the newest is asked for first, and what is never to be had does not pile up', async () => {
  fetcher.stop()
  asked.length = 0
  const hidden = (n: number): BatchDigest => {
    const digest = new Uint8Array(32).fill(9)
    new DataView(digest.buffer).setUint32(0, n)
    return digest as BatchDigest
  }
  for (let n = 0; n < 5_000; n++) void fetcher.want(hidden(n))
  expect(fetcher.missing).toBe(4_096)
  let done = 0
  void fetcher.want(digestOf(4), 10).then(() => done++)
  void fetcher.want(digestOf(5)).then(() => done++)
  await pause(100)
  expect(asked.some(({ height, digests }) => height === undefined && digests[0] === 5)).toBe(true)
  expect(asked.find(({ height }) => height === 10)!.digests).toEqual([4])
  fetcher.arrived(hexOf(4))
  fetcher.arrived(hexOf(5))
  await pause(0)
  expect(done).toBe(2)
})
