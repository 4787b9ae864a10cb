import { ed25519PublicKey } from '@tallystick/core/crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { genesis, ledger, nodeSeed } from '../testing/test-chain.ts'
import { Ticker } from './ticker.ts'

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
afterEach(() => vi.useRealTimers())

/** A chain on which things are due, and that executes each tick after a while. */
class Chain {
  readonly sent: number[] = []
  /** Times at which something is due. */
  due: number[] = []
  busy = false
  /** What the next blocks leave to be done at once. */
  leaves = 0
  readonly begun = Date.now()
  readonly #ticker: Ticker

  constructor(self: number) {
    this.#ticker = new Ticker(
      {
        ledger,
        self,
        validator: { ...genesis.validators[self]!, nodeKey: ed25519PublicKey(nodeSeed(self)) },
        nodeSeed: nodeSeed(self),
        nowMs: Date.now,
        newNonce: () => new Uint8Array(16),
        dueWork: async (timeMs) => this.due.some((at) => at <= timeMs),
        busy: () => this.busy,
        submit: async () => {
          this.sent.push(Date.now() - this.begun)
          setTimeout(() => this.execute(), 200)
        },
      },
      (error) => {
        throw error
      },
    )
  }

  execute(): void {
    const now = Date.now()
    this.due = this.due.filter((at) => at > now)
    if (this.leaves-- > 0) this.due.push(now)
    this.#ticker.executed(now)
  }
}

test('one tick is sent when something is due, at its time, and no more', async () => {
  const chain = new Chain(0)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(chain.sent).toEqual([])
  chain.due = [Date.now() + 5_200]
  await vi.advanceTimersByTimeAsync(20_000)
  expect(chain.sent).toEqual([15_500])
})

test('what a block leaves is ticked at once, again and again', async () => {
  const chain = new Chain(0)
  chain.due = [Date.now() + 100]
  chain.leaves = 3
  await vi.advanceTimersByTimeAsync(10_000)
  expect(chain.sent).toEqual([500, 700, 900, 1_100])
})

test('validators wait for each other, and where a tick led to nothing, a good while', async () => {
  const second = new Chain(2)
  second.due = [Date.now()]
  await vi.advanceTimersByTimeAsync(1_250)
  expect(second.sent).toEqual([])
  second.execute()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(second.sent).toEqual([])

  const late = new Chain(1)
  // Its clock is ahead of the leaders': their blocks are not there yet.
  late.due = [Date.now()]
  late.execute = () => {}
  await vi.advanceTimersByTimeAsync(6_000)
  expect(late.sent).toEqual([1_000, 3_500, 6_000])
})

test('where blocks should come by themselves a tick waits longer, and what they leave is not ticked at once', async () => {
  const chain = new Chain(0)
  chain.busy = true
  chain.due = [Date.now()]
  await vi.advanceTimersByTimeAsync(1_000)
  chain.leaves = 1
  chain.execute()
  await vi.advanceTimersByTimeAsync(400)
  expect(chain.sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(chain.sent).toEqual([1_500])
})
