import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { type BuiltForTest, builtContract } from '../testing/built.ts'
import { idOf, MemoryLedger } from '../testing/memory-ledger.ts'
import { mapStack, stackFrames } from './index.ts'

let escrow: BuiltForTest
beforeAll(async () => {
  escrow = await builtContract('escrow.ts')
})

/** Line and column, from 1, where a text stands in a file of the example. */
function placeOf(file: string, text: string): string {
  const before = readFileSync(new URL(`../testing/${file}`, import.meta.url), 'utf8')
    .split(text, 1)[0]!
    .split('\n')
  return `testing/${file}:${before.length}:${before.at(-1)!.length + 1}`
}

/** Without columns, of which the machine tells one within the statement. */
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.replace(/:\d+\)$/, ')'))
const lineOf = (file: string, text: string): string => placeOf(file, text).replace(/:\d+$/, '')

describe('a stack', () => {
  test('behavior: what is thrown deeply is told with the lines of the author', () => {
    const outcome = new MemoryLedger(escrow.image).outcome('failDeeply', { how: 'throw' })
    if (outcome.kind !== 'threw') throw new Error(outcome.kind)
    expect(linesOf(mapStack(outcome.stack, escrow.sourceMap))).toEqual([
      `    at fail (${lineOf('escrow.ts', "if (nothing!.there === '')")})`,
      `    at run (${lineOf('escrow.ts', 'return fail(undefined)')})`,
    ])
    expect(stackFrames(outcome.stack, escrow.sourceMap)[0]).toMatchObject({
      name: 'fail',
      of: 'contract',
      place: { file: 'testing/escrow.ts' },
    })
  })

  test('behavior: so is a refusal, also where the kit refuses', () => {
    const ledger = new MemoryLedger(escrow.image)
    const refused = ledger.call('failDeeply', { how: 'refuse' }).refused!
    const own = linesOf(mapStack(refused.stack, escrow.sourceMap)).filter((line) => !line.endsWith('(kit)'))
    expect(own).toEqual([`    at run (${lineOf('escrow.ts', "return refuse('ON_PURPOSE'")})`])
    const row = ledger.call('failDeeply', { how: 'row' }).refused!
    expect(linesOf(mapStack(row.stack, escrow.sourceMap)).filter((line) => !line.endsWith('(kit)'))).toEqual([
      `    at run (${lineOf('escrow.ts', 'return ctx.tables.payments.put(wrong)')})`,
    ])
  })

  test('behavior: files that are imported have their own lines, and the language its name', () => {
    const ledger = new MemoryLedger(escrow.image)
    const funds = [{ account: idOf('a'), asset: idOf('5'), amount: '1' }]
    const deal = { id: 'd', seller: idOf('b'), asset: idOf('5'), amount: '-1', dueMs: 1 }
    const outcome = ledger.outcome('open', deal, { funds })
    if (outcome.kind !== 'threw') throw new Error(outcome.kind)
    expect(linesOf(mapStack(outcome.stack, escrow.sourceMap)).slice(0, 2)).toEqual([
      `    at feeOf (${lineOf('fee.ts', 'throw new RangeError')})`,
      `    at run (${lineOf('escrow.ts', 'const fee = feeOf(amount)')})`,
    ])
    expect(mapStack('    at map (native)\nnothing\n    at f (contract:100000:1)', escrow.sourceMap)).toBe(
      '    at map (language)\n    at f (kit)',
    )
  })

  test('behavior: so it is where the script is minified', async () => {
    const { buildContract, evaluateManifest } = await import('./index.ts')
    const short = await buildContract(new URL('../testing/escrow.ts', import.meta.url).pathname, { minify: true })
    const outcome = new MemoryLedger(evaluateManifest(short).image).outcome('failDeeply', { how: 'throw' })
    if (outcome.kind !== 'threw') throw new Error(outcome.kind)
    const places = stackFrames(outcome.stack, short.sourceMap).flatMap(({ place }) =>
      place === undefined ? [] : [`${place.file}:${place.line}`],
    )
    expect(places.slice(0, 2)).toEqual([
      lineOf('escrow.ts', "if (nothing!.there === '')"),
      lineOf('escrow.ts', 'return fail(undefined)'),
    ])
  })
})
