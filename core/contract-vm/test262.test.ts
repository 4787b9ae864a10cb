import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type BareOutcome, runBare } from './testing/bare-machine.ts'
import { meteredQuickJs, plainQuickJs } from './testing/metered-quickjs.ts'

const suite = fileURLToPath(new URL('../../../shared/data/test262/', import.meta.url))
/** Every file with TALLYSTICK_LARGE, else one in so many: each runs in two machines. */
const every = process.env.TALLYSTICK_LARGE === undefined ? 10 : 1

interface Conformance {
  readonly script: string
  readonly isModule: boolean
  /** The name of the error that it must throw. */
  readonly negative: string | undefined
  readonly isAsync: boolean
}

const harness = new Map<string, string>()
function harnessOf(file: string): string {
  if (!harness.has(file)) harness.set(file, readFileSync(`${suite}harness/${file}`, 'utf8'))
  return harness.get(file)!
}

/** A file of the suite with what its front matter asks for (test262, INTERPRETING.md). */
function conformanceOf(path: string): Conformance {
  const source = readFileSync(path, 'utf8')
  const matter = /\/\*---([\s\S]*?)---\*\//.exec(source)?.[1] ?? ''
  const listed = (name: string): string[] => {
    const inline = new RegExp(`^${name}: *\\[(.*)\\]`, 'm').exec(matter)?.[1]
    if (inline !== undefined)
      return inline
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean)
    const lines = new RegExp(`^${name}:\\n((?: +- .*\\n?)+)`, 'm').exec(matter)?.[1] ?? ''
    return [...lines.matchAll(/- *(\S+)/g)].map((match) => match[1]!)
  }
  const flags = listed('flags')
  const isAsync = flags.includes('async')
  const files = flags.includes('raw')
    ? []
    : ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...listed('includes')]
  const strict = flags.includes('onlyStrict') ? '"use strict";\n' : ''
  return {
    script: `${strict}${files.map(harnessOf).join('\n')}\n${source}`,
    isModule: flags.includes('module'),
    negative: /negative:[\s\S]*?type: *(\w+)/.exec(matter)?.[1],
    isAsync,
  }
}

function passes({ negative, isAsync }: Conformance, { printed, thrown }: BareOutcome): boolean {
  if (negative !== undefined) return thrown?.startsWith(negative) ?? false
  return thrown === undefined && (!isAsync || printed.includes('Test262:AsyncTestComplete'))
}

test.skipIf(!existsSync(suite))(
  'metering changes no outcome of the ECMAScript conformance suite (skipped where ../shared/data/test262 is missing)',
  () => {
    const files = readdirSync(`${suite}test`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.js') && !name.endsWith('_FIXTURE.js'))
      .sort()
      .filter((_, i) => i % every === 0)
    const [plain, metered] = [plainQuickJs(), meteredQuickJs()]
    const differ: string[] = []
    let passed = 0
    for (const name of files) {
      const conformance = conformanceOf(`${suite}test/${name}`)
      const outcomes = [plain, metered].map((module): BareOutcome => {
        try {
          return runBare(module, conformance.script, conformance.isModule)
        } catch (error) {
          return { printed: [], thrown: `the machine: ${(error as Error).message}` }
        }
      })
      if (JSON.stringify(outcomes[0]) !== JSON.stringify(outcomes[1]))
        differ.push(`${name}: ${JSON.stringify(outcomes)}`)
      if (passes(conformance, outcomes[1]!)) passed++
    }
    console.log(`test262: ${passed} of ${files.length} files pass, in both machines alike`)
    expect(differ).toEqual([])
    expect(passed / files.length).toBeGreaterThan(0.9)
  },
  900_000,
)
