import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import {
  BuildError,
  buildContract,
  buildProblems,
  decodeSource,
  encodeSource,
  evaluateManifest,
  kitVersion,
  rebuildContract,
} from './index.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A project in a folder of its own. */
function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'contract-kit-'))
  folders.push(folder)
  for (const [file, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
  }
  return folder
}

async function problemsOf(build: Promise<unknown>) {
  try {
    await build
  } catch (error) {
    if (error instanceof BuildError) return error.problems
    throw error
  }
  throw new Error('it was built')
}

const here = (file: string) => fileURLToPath(new URL(`../testing/${file}`, import.meta.url))
const empty = `import { defineContract } from '@tallystick/contract-kit'
export const contract = defineContract({ name: 'empty', actions: {} })
`

describe('a build', () => {
  test('behavior: it is the same from another folder, and again from its source', async () => {
    const built = await buildContract(here('escrow.ts'))
    const folder = projectOf({})
    cpSync(here('.'), path.join(folder, 'testing'), { recursive: true })
    expect(await buildContract(path.join(folder, 'testing', 'escrow.ts'))).toEqual(built)
    expect(await rebuildContract(built.source, { packagesFrom: folder })).toEqual(built)
    for (const text of Object.values(built)) expect(text).not.toMatch(/\/work|\/tmp|\/home|\\\\/)
    expect(decodeSource(built.source)).toMatchObject({ entry: 'testing/escrow.ts', kit: kitVersion })
    expect(Object.keys(decodeSource(built.source).files)).toEqual(['testing/escrow.ts', 'testing/fee.ts'])
    expect(JSON.parse(built.sourceMap).sources).toEqual(expect.arrayContaining(['testing/fee.ts', 'testing/escrow.ts']))
  })

  test('behavior: minified it is another script of the same source', async () => {
    const [plain, short] = [
      await buildContract(here('escrow.ts')),
      await buildContract(here('escrow.ts'), { minify: true }),
    ]
    expect(short.source).toBe(plain.source)
    expect(short.script.length).toBeLessThan(plain.script.length)
    expect(await rebuildContract(short.source, { minify: true })).toEqual(short)
    expect(evaluateManifest(short).manifest).toEqual(evaluateManifest(plain).manifest)
  })

  test('behavior: files of the project and packages of the registry go into it', async () => {
    const folder = projectOf({
      'src/contract.ts': `import { double } from './money.js'
import { three } from 'three'
import table from '../table.json'
import { four } from '../lib'
${empty.replace("'empty'", "'x' + double(three) + table.five + four")}`,
      'src/money.ts': 'export const double = (n: number): number => 2 * n\nexport const unused = () => "dropped"',
      'table.json': '{"five":5}',
      'lib/index.ts': 'export const four = 4',
      'node_modules/three/package.json': '{"name":"three","version":"1.2.3","main":"three.js"}',
      'node_modules/three/three.js': 'const { value } = require("./value"); exports.three = value',
      'node_modules/three/value.js': 'exports.value = 3',
    })
    const built = await buildContract(path.join(folder, 'src/contract.ts'))
    expect(evaluateManifest(built).manifest.name).toBe('x654')
    expect(built.script).not.toContain('dropped')
    expect(decodeSource(built.source)).toMatchObject({ packages: { three: '1.2.3' } })
    expect(Object.keys(decodeSource(built.source).files)).toEqual([
      'lib/index.ts',
      'src/contract.ts',
      'src/money.ts',
      'table.json',
    ])
    const other = projectOf({ 'a/b': '' })
    cpSync(path.join(folder, 'node_modules'), path.join(other, 'node_modules'), { recursive: true })
    expect(await rebuildContract(built.source, { packagesFrom: path.join(other, 'a') })).toEqual(built)
  })

  test('behavior: a script is strict', async () => {
    const folder = projectOf({ 'c.ts': `${empty}undeclared = 5\ndeclare let undeclared: number` })
    const built = await buildContract(path.join(folder, 'c.ts'))
    expect(() => evaluateManifest(built)).toThrow("'undeclared' is not defined")
  })

  test('args: types that are imported are no import', async () => {
    const folder = projectOf({ 'c.ts': `import type { Buffer } from 'node:buffer'\nlet b: Buffer\n${empty}` })
    expect(decodeSource((await buildContract(path.join(folder, 'c.ts'))).source).packages).toBeUndefined()
  })
})

describe('what can not be built', () => {
  const build = (files: Readonly<Record<string, string>>) => {
    const folder = projectOf(files)
    return problemsOf(buildContract(path.join(folder, 'c.ts')))
  }

  test.each([
    ['a module of Node', "import 'node:fs'", 'BUILD_IMPORT_FORBIDDEN'],
    ['a module of Node by its short name', "import { x } from 'fs'\nx()", 'BUILD_IMPORT_FORBIDDEN'],
    ['an address', "import 'https://example.com/x.js'", 'BUILD_IMPORT_FORBIDDEN'],
    ['an absolute path', "import '/etc/passwd'", 'BUILD_IMPORT_FORBIDDEN'],
    ['a file outside the project', "import '../outside.ts'", 'BUILD_IMPORT_FORBIDDEN'],
    ['the tools of the kit', "import '@tallystick/contract-kit/build'", 'BUILD_IMPORT_FORBIDDEN'],
    ['an import that is a call', "export const x = () => import('./c.ts')", 'BUILD_IMPORT_FORBIDDEN'],
    ['a file that is not there', "import './none.ts'", 'BUILD_IMPORT_NOT_FOUND'],
    ['a package that is not there', "import 'no-such-package'", 'BUILD_IMPORT_NOT_FOUND'],
    ['no TypeScript', 'const x = = 5', 'BUILD_SYNTAX'],
    ['an await outside of functions', 'await 5', 'BUILD_SYNTAX'],
  ])('error: %s', async (_, text, code) => {
    const column = Math.max(text.indexOf("'"), text.indexOf('await'), text.indexOf('= 5')) + 1
    expect(await build({ 'c.ts': `${empty}\n${text}` })).toEqual([
      { code, message: expect.any(String), file: 'c.ts', line: 4, column },
    ])
  })

  test('error: a package that needs Node, or is a folder of this computer', async () => {
    const text = `import { x } from 'impure'\n${empty}x()`
    const impure = { 'node_modules/impure/package.json': '{"name":"impure","version":"1.0.0"}' }
    const index = { 'node_modules/impure/index.js': 'export { readFileSync as x } from "node:fs"' }
    expect(await build({ 'c.ts': text, ...impure, ...index })).toMatchObject([
      { code: 'BUILD_IMPORT_FORBIDDEN', file: 'impure@1.0.0/index.js', line: 1 },
    ])
    const folder = projectOf({ 'c.ts': text, 'node_modules/x/y': '' })
    const linked = projectOf({
      'package.json': '{"name":"impure","version":"1.0.0"}',
      'index.js': 'export const x = 1',
    })
    symlinkSync(linked, path.join(folder, 'node_modules/impure'))
    expect(await problemsOf(buildContract(path.join(folder, 'c.ts')))).toMatchObject([
      { code: 'BUILD_IMPORT_FORBIDDEN', file: 'c.ts', line: 1 },
    ])
  })

  test('error: all problems of all files are told', async () => {
    const problems = await build({ 'c.ts': `import './d.ts'\nimport 'fs'\n${empty}`, 'd.ts': '\n\nlet 5' })
    expect(problems.map(({ code, file, line }) => [code, file, line])).toEqual(
      expect.arrayContaining([
        ['BUILD_IMPORT_FORBIDDEN', 'c.ts', 2],
        ['BUILD_SYNTAX', 'd.ts', 3],
      ]),
    )
  })

  test('error: no contract, or none of the kit', async () => {
    expect(await build({ 'c.ts': 'export const other = 5' })).toMatchObject([{ code: 'BUILD_NO_CONTRACT' }])
    expect(await problemsOf(buildContract('no/such.ts'))).toMatchObject([{ code: 'BUILD_ENTRY_NOT_FOUND' }])
    const folder = await problemsOf(buildContract('contract-kit'))
    expect(folder).toMatchObject([{ code: 'BUILD_ENTRY_NOT_FOUND', message: expect.stringContaining('is a folder') }])
    const evaluated = async (text: string) => {
      const built = await buildContract(path.join(projectOf({ 'c.ts': text }), 'c.ts'))
      return problemsOf((async () => evaluateManifest(built))())
    }
    expect(await evaluated('export const contract = { dispatch: () => "" }')).toMatchObject([
      { code: 'BUILD_MANIFEST_INVALID', message: expect.stringContaining('not JSON') },
    ])
    expect(await evaluated('export const contract = 5')).toMatchObject([{ code: 'BUILD_NO_CONTRACT' }])
    expect(await evaluated(`\n${empty}\nthrow new Error("at once")`)).toMatchObject([
      { code: 'BUILD_EVALUATION_FAILED', file: 'c.ts', line: 5, message: expect.stringContaining('Error: at once') },
    ])
    expect(await evaluated(`${empty}\nfor (;;);`)).toMatchObject([
      { code: 'BUILD_EVALUATION_FAILED', message: 'its limit of fuel is exceeded' },
    ])
    expect(await evaluated(empty.replace("'empty'", "'Not a name'"))).toMatchObject([
      {
        code: 'BUILD_MANIFEST_INVALID',
        message: 'name: a name is a small letter and up to 63 letters, digits and hyphens',
      },
    ])
    const withEvent = empty.replace('actions: {}', "actions: {}, events: { 'a/b': { type: 'string' } as never }")
    expect(await evaluated(withEvent)).toMatchObject([{ code: 'BUILD_MANIFEST_INVALID' }])
  })

  test('error: too large a script, source or map', async () => {
    const long = (bytes: number) =>
      `${empty}export const text = ${JSON.stringify('x'.repeat(bytes))}\nglobalThis.x = text\n`
    expect(await build({ 'c.ts': long(262_144) })).toMatchObject([
      { code: 'BUILD_TOO_LARGE', message: expect.stringMatching(/^script: 2\d+ bytes, and at most 262144 are taken$/) },
    ])
    expect(await build({ 'c.ts': `${empty}// ${'x'.repeat(262_144)}` })).toMatchObject([
      { code: 'BUILD_TOO_LARGE', message: expect.stringMatching(/^source: /) },
    ])
  })

  test('error: sources that are none, or of other tools', async () => {
    const { source } = await buildContract(path.join(projectOf({ 'c.ts': empty }), 'c.ts'))
    const changed = (change: object) => encodeSource({ ...decodeSource(source), ...change })
    for (const text of [
      '',
      '{}',
      ` ${source}`,
      source.replace('"kit"', '"kid"'),
      source.replace('"c.ts":', '"c.ts":5,"d":'),
    ]) {
      expect(await problemsOf(rebuildContract(text))).toMatchObject([{ code: 'BUILD_SOURCE_INVALID' }])
    }
    expect(await problemsOf(rebuildContract(changed({ kit: '0.0.1' })))).toMatchObject([
      { code: 'BUILD_TOOLS_OTHER', message: `kit 0.0.1 is wanted, and ${kitVersion} is here` },
    ])
    expect(await problemsOf(rebuildContract(changed({ packages: { three: '1.2.3' } })))).toMatchObject([
      { code: 'BUILD_TOOLS_OTHER', message: 'three 1.2.3 is wanted, and none is here' },
    ])
  })

  test('behavior: every code says what happened and what to do', () => {
    for (const texts of Object.values(buildProblems)) for (const text of texts) expect(text).toMatch(/\.$|`\.$/)
    expect(kitVersion).toBe(packageJson.version)
  })
})
