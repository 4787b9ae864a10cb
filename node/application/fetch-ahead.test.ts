import type { Block } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { FetchAhead } from './fetch-ahead.ts'

const blocks = Array.from({ length: 100 }, (_, i) => ({ header: { height: i + 1 }, payload: [] }) as unknown as Block)
const kilobyte = 1_024

/** The heights that are asked for while each of the first blocks is waited for. */
function asked(count: number, blockBytes: number, of: readonly Block[] = blocks): number[][] {
  const rounds: number[][] = []
  const ahead = new FetchAhead({
    ensureHeld: async (_, height) => {
      rounds.at(-1)!.push(height!)
    },
  })
  for (let at = 0; at < count; at++) {
    rounds.push([])
    ahead.behind(of, at)
    ahead.came(blockBytes)
  }
  return rounds
}

test('small blocks are asked for ever further ahead, each once, in order', () => {
  const rounds = asked(60, kilobyte)
  expect(rounds[0]).toEqual([2])
  expect(rounds[1]).toEqual([3, 4])
  expect(rounds.flat()).toEqual(Array.from({ length: rounds.flat().length }, (_, i) => i + 2))
  expect(rounds.slice(0, 50).flat().at(-1)).toBe(50 + 16)
})

test('of large blocks the next one alone, or none', () => {
  expect(asked(20, 400 * kilobyte).flat()).toEqual(Array.from({ length: 20 }, (_, i) => i + 2))
  expect(asked(20, 4_096 * kilobyte).flat()).toEqual([2])
})

test('it ends with the blocks that are known', () => {
  expect(asked(5, kilobyte, blocks.slice(0, 5)).flat()).toEqual([2, 3, 4, 5])
})
