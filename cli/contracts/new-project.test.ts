import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from '../exit-codes.ts'
import { run } from '../program.ts'
import { fakeTerminal } from '../testing/fake-terminal.ts'
import { linkPackages } from './link-packages.ts'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'tallystick-contract-'))
})
afterAll(() => rm(cwd, { recursive: true, force: true }))

const { signal } = new AbortController()
async function contract(...argv: readonly string[]) {
  const terminal = fakeTerminal({ cwd })
  const exit = await run(['contract', ...argv, '--json'], { terminal, signal })
  const text = exit === exitCodes.ok ? terminal.output() : terminal.errors()
  return { exit, ...JSON.parse(text) }
}
const change = async (file: string, from: string, to: string): Promise<void> => {
  const text = await readFile(join(cwd, file), 'utf8')
  expect(text).toContain(from)
  await writeFile(join(cwd, file), text.replace(from, to))
}

describe('a new project', () => {
  it('is built and its tests pass, without an install', async () => {
    expect(await contract('new', 'My deal 2')).toMatchObject({ exit: 0, name: 'my-deal-2' })
    expect(await readFile(join(cwd, 'My deal 2', 'README.md'), 'utf8')).toMatch(/^# my-deal-2\n/)
    const built = await contract('build', 'My deal 2/contract.ts', '--out', 'out')
    expect(built).toMatchObject({ exit: 0, name: 'my-deal-2', code: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect((await readdir(join(cwd, 'out'))).sort()).toEqual([
      'contract.js',
      'contract.js.map',
      'manifest.json',
      'source.json',
    ])
    expect(await contract('test', 'My deal 2')).toMatchObject({ exit: 0, passed: 3 })
    expect(await contract('test', 'My deal 2', '--native')).toMatchObject({ exit: 0, passed: 3 })
  }, 120_000)

  it('has tests that fail where the contract is broken, and tells which', async () => {
    await contract('new', 'broken')
    await change('broken/contract.ts', "status: 'kept' }", "status: 'open' }")
    const ended = await contract('test', 'broken')
    expect(ended).toMatchObject({ exit: exitCodes.failed, error: { code: 'CONTRACT_TESTS_FAILED' } })
    const tests = ended.error.tests as { test: string; status: string; failures: string[] }[]
    expect(tests.filter(({ status }) => status === 'failed')).toEqual([
      expect.objectContaining({ test: 'a promise that is kept in time stays kept' }),
    ])
  }, 120_000)

  it.each([
    ['a folder with something in it', 'full', 'CONTRACT_FOLDER_TAKEN'],
    ['a file', 'file', 'CONTRACT_FOLDER_TAKEN'],
    ['a name of no letters', '1234', 'VALUE_INVALID'],
    ['a name that is too long', `a${'b'.repeat(64)}`, 'VALUE_INVALID'],
  ])('is not written into %s', async (_, folder, code) => {
    await mkdir(join(cwd, 'full'), { recursive: true })
    await writeFile(join(cwd, 'full', 'x'), '')
    await writeFile(join(cwd, 'file'), '')
    expect(await contract('new', folder)).toMatchObject({ exit: exitCodes.usage, error: { code } })
    expect(await readdir(join(cwd, 'full'))).toEqual(['x'])
  })

  it('is linked anew where a link leads nowhere; what somebody installed stays', async () => {
    const modules = join(cwd, 'moved', 'node_modules')
    await mkdir(join(modules, 'vitest'), { recursive: true })
    await mkdir(join(modules, '@tallystick'))
    await symlink('/nowhere', join(modules, '@tallystick', 'contract-kit'))
    await linkPackages(join(cwd, 'moved'))
    expect(await readdir(join(modules, '@tallystick', 'contract-kit'))).toContain('package.json')
    expect(await readdir(join(modules, 'vitest'))).toEqual([])
  })
})

describe('a build', () => {
  it.each([
    ['a line that is no TypeScript', 'BUILD_SYNTAX', 'export const contract = (;', { line: 1, column: 26 }],
    ['an import of Node', 'BUILD_IMPORT_FORBIDDEN', "\nimport 'node:fs'", { line: 2 }],
    ['a package that is not there', 'BUILD_IMPORT_NOT_FOUND', "import 'no-such-package'", { line: 1 }],
    ['no contract', 'BUILD_NO_CONTRACT', 'export const deal = 1', {}],
    [
      'a script that throws',
      'BUILD_EVALUATION_FAILED',
      "\n\nthrow new Error('x')\nexport const contract = 1",
      { line: 3 },
    ],
  ])('tells of %s, with its place', async (_, code, text, place) => {
    await writeFile(join(cwd, 'wrong.ts'), text)
    const { exit, error } = await contract('build', 'wrong.ts')
    expect([exit, error.code]).toEqual([exitCodes.usage, code])
    expect(error.problems[0]).toMatchObject({ code, ...place })
    if (error.problems[0].line !== undefined) expect(error.message).toContain(`wrong.ts:${error.problems[0].line}:`)
    expect(error.remedy).not.toBe('')
  })

  it('of a file that is not there says so', async () => {
    const none = await contract('build', 'none.ts')
    expect(none).toMatchObject({ exit: 2, error: { code: 'BUILD_ENTRY_NOT_FOUND' } })
    expect(none.error.message).toMatch(/^there is no file/)
    expect(await contract('test', 'none')).toMatchObject({ exit: 2, error: { code: 'CONTRACT_TESTS_MISSING' } })
  })
})
