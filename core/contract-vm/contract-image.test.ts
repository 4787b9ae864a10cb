import { describe, expect, test } from 'vitest'
import { type CallLimits, type CallOutcome, ContractImage, callLimitsDefault } from './index.ts'
import { meteredQuickJs } from './testing/metered-quickjs.ts'

const noHost = (): string => {
  throw new Error('nobody is called')
}

function imageOf(script: string): ContractImage {
  const created = ContractImage.create(meteredQuickJs(), script, callLimitsDefault)
  if (!('image' in created)) throw new Error(JSON.stringify(created, (_, value) => String(value)))
  return created.image
}

/** What a body of `contract(input)` gives. */
function run(body: string, limits: Partial<CallLimits> = {}, input = ''): CallOutcome {
  return imageOf(`globalThis.contract = (input) => { ${body} }`).call(input, noHost, {
    ...callLimitsDefault,
    ...limits,
  })
}

describe('a contract image', () => {
  test('default: a call takes a text and gives one', () => {
    expect(run('return input.toUpperCase()', {}, 'grüße')).toMatchObject({ kind: 'returned', output: 'GRÜSSE' })
  })

  test('behavior: the host is asked, and only by the script', () => {
    const image = imageOf('globalThis.contract = (input) => host(input + 1) + host(input + 2)')
    const asked: string[] = []
    const host = (question: string): string => {
      asked.push(question)
      return `<${question}>`
    }
    expect(image.call('a', host, callLimitsDefault)).toMatchObject({ kind: 'returned', output: '<a1><a2>' })
    expect(asked).toEqual(['a1', 'a2'])
    expect(run('return typeof globalThis.host')).toMatchObject({ output: 'undefined' })
  })

  test('behavior: what a contract throws is told with its place', () => {
    const outcome = run('\n\nthrow new TypeError("no")')
    expect(outcome).toMatchObject({ kind: 'threw', message: 'TypeError: no' })
    expect(outcome.kind === 'threw' && outcome.stack).toMatch(/contract:4/)
    expect(run('throw 5')).toMatchObject({ kind: 'threw', message: '5' })
  })

  test('behavior: equal calls cost equal fuel', () => {
    const image = imageOf(
      'globalThis.contract = (n) => { let s = ""; for (let i = 0; i < n; i++) s += Math.sqrt(i); return s }',
    )
    const outcomes = Array.from({ length: 50 }, () => image.call('100', noHost, callLimitsDefault))
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome, (_, value) => String(value)))).size).toBe(1)
  })

  test.each([
    ['a loop', 'for (;;);', 'fuel'],
    ['a loop that catches', 'for (;;) try { for (;;); } catch {}', 'fuel'],
    ['a long string', 'return "x".repeat(3e7)', 'memoryPages'],
    ['a filled array', 'return new Array(1e8).fill(0).length', 'memoryPages'],
    ['a slow pattern', 'return /(a*)*b/.test("a".repeat(40))', 'fuel'],
    ['many objects', 'const all = []; for (;;) all.push({})', 'memoryPages'],
    ['recursion', 'const f = () => f() + 1; return f()', 'depthBytes'],
    ['recursion that catches', 'const f = () => { try { f() } catch { f() } }; return f()', 'depthBytes'],
    ['nested JSON', 'return JSON.parse("[".repeat(50_000))', 'depthBytes'],
    ['a long output', 'return "x".repeat(100_000)', 'outputBytes'],
    ['a large power', 'return String(7n ** 1000000n).length', 'fuel'],
  ])('error: %s meets its limit', (_, body, limit) => {
    expect(run(body)).toMatchObject({ kind: 'exceeded', limit })
  })

  test('error: too many questions to the host', () => {
    const image = imageOf('globalThis.contract = () => { for (;;) try { host("") } catch {} }')
    expect(image.call('', () => '', callLimitsDefault)).toMatchObject({ kind: 'exceeded', limit: 'hostCalls' })
  })

  test('behavior: nothing survives a call, however it ended', () => {
    const spoil = [
      'globalThis.left = 1; Object.prototype.left = 1; Array.prototype.map = 5; return ""',
      'globalThis.all = new Uint8Array(5_000_000).fill(7); return ""',
      'globalThis.left = 1; throw globalThis',
      'globalThis.left = 1; for (;;);',
      'globalThis.left = 1; const f = () => f() + 1; f()',
      'globalThis.left = []; for (;;) globalThis.left.push("x".repeat(1000) + globalThis.left.length)',
    ]
    const cases = spoil.map((body, i) => `case ${i}: { ${body} }`).join('\n')
    const image = imageOf(
      `globalThis.contract = (input) => { switch (Number(input)) { ${cases} default: return String([globalThis.left, ({}).left, [1].map((x) => x + 1), globalThis.all]) } }`,
    )
    const before = image.digest()
    const clean = image.call('-1', noHost, callLimitsDefault)
    expect(clean).toMatchObject({ kind: 'returned', output: ',,2,' })
    for (const i of spoil.keys()) {
      image.call(String(i), noHost, callLimitsDefault)
      expect(image.digest()).toEqual(before)
      expect(image.call('-1', noHost, callLimitsDefault)).toEqual(clean)
    }
  })

  test('behavior: clock, chance and views of floats are not there', () => {
    const names = ['Date', 'Float64Array', 'Float32Array', 'DataView', 'WeakRef', 'FinalizationRegistry']
    expect(run(`return String([${names.map((name) => `typeof ${name}`)}, typeof Math.random])`)).toMatchObject({
      output: Array(names.length + 1)
        .fill('undefined')
        .join(','),
    })
  })
})
