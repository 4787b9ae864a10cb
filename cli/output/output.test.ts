import { describe, expect, it } from 'vitest'
import { percentile } from '../payments/percentile.ts'
import { fakeTerminal } from '../testing/fake-terminal.ts'
import { formatAmount, parseAmount } from './amount.ts'
import { createOutput } from './output.ts'
import { table } from './table.ts'

describe('amounts', () => {
  it.each([
    [0n, 2, '0.00'],
    [5n, 2, '0.05'],
    [123_456_789n, 2, '1,234,567.89'],
    [1_234n, 0, '1,234'],
    [-105n, 2, '-1.05'],
    [1n, 18, '0.000000000000000001'],
  ])('%s with %s decimals is %s', (minor, decimals, text) => {
    expect(formatAmount(minor, decimals)).toBe(text)
  })

  it('are read exactly, or refused', () => {
    expect(parseAmount('12.5', 2)).toBe(1_250n)
    expect(parseAmount('9007199254740993', 0)).toBe(9_007_199_254_740_993n)
    for (const text of ['0', '0.00', '1.234', '1,5', '-1', '1e3', '', ' 1', '0x10']) {
      expect(() => parseAmount(text, 2)).toThrow(expect.objectContaining({ code: 'VALUE_INVALID' }))
    }
  })
})

describe('output', () => {
  it('has no colours and no control characters where no terminal is, and lines instead of a bar', () => {
    const terminal = fakeTerminal()
    const output = createOutput(terminal, false)
    const progress = output.progress('payments', 1_000)
    for (let done = 0; done <= 1_000; done++) progress.set(done)
    progress.stop()
    output.failure({ code: 'X', message: 'm', remedy: 'r', docs: 'd', exit: 1, fields: {} })
    expect(terminal.output().trim().split('\n')).toHaveLength(11)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point
    expect(terminal.output() + terminal.errors()).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  it('colours failures in a terminal, unless NO_COLOR is set', () => {
    const failure = { code: 'X', message: 'm', remedy: 'r', docs: 'd', exit: 1, fields: {} } as const
    const coloured = fakeTerminal({ isInteractive: true })
    createOutput(coloured, false).failure(failure)
    expect(coloured.errors()).toContain('\u001b[31m')
    const plain = fakeTerminal({ isInteractive: true, env: { NO_COLOR: '1' } })
    createOutput(plain, false).failure(failure)
    expect(plain.errors()).not.toContain('\u001b')
  })

  it('is one JSON document with --json, amounts as strings and bytes in hexadecimal', () => {
    const terminal = fakeTerminal()
    const output = createOutput(terminal, true)
    output.line('for people')
    output.progress('x', 1).set(1)
    output.result({ amount: 10n, id: Uint8Array.of(1, 255) }, ['for people'])
    expect(JSON.parse(terminal.output())).toEqual({ amount: '10', id: '01ff' })
  })
})

it('tables line up, numbers to the right', () => {
  expect(
    table(
      [
        ['a', '1'],
        ['long', '100'],
      ],
      [1],
    ),
  ).toEqual(['a       1', 'long  100'])
})

it('percentiles are of the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([percentile(values, 50), percentile(values, 99), percentile([7], 99), percentile([], 50)]).toEqual([
    50,
    99,
    7,
    undefined,
  ])
})
