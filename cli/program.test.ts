import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configProblems } from '@tallystick/node/config'
import { keyProblems } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cliErrors, describeFailure } from './errors.ts'
import { exitCodes } from './exit-codes.ts'
import { paymentProblems } from './payments/problems.ts'
import { createProgram, run } from './program.ts'
import { type FakeTerminal, fakeTerminal } from './testing/fake-terminal.ts'
import { versionText } from './version.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallystick-cli-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const { signal } = new AbortController()
async function runIn(argv: readonly string[], terminal: FakeTerminal = fakeTerminal({ cwd: directory })) {
  const exit = await run(argv, { terminal, signal })
  return { exit, output: terminal.output(), errors: terminal.errors() }
}

/** Every command that does something, with its full name. */
function leavesOf(command: Command, before = ''): { name: string; command: Command }[] {
  const name = `${before} ${command.name()}`.trim()
  return command.commands.length === 0
    ? [{ name, command }]
    : command.commands.flatMap((child) => leavesOf(child, name))
}
const program = createProgram({ terminal: fakeTerminal(), signal })
const leaves = program.commands.flatMap((command) => leavesOf(command))

const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8')

describe('the command line', () => {
  it('has the commands that are documented', () => {
    expect(leaves.map(({ name }) => name).sort()).toEqual(
      [
        'demo',
        'transfer',
        'tx show',
        'block show',
        'proof verify',
        'member list',
        'accounts import',
        'network create',
        'network start',
        'network status',
        'network stop',
        'network reset',
        'node start',
        'node status',
        'node replay',
        'keys new',
        'keys list',
        'keys import',
        'keys export',
        'asset create',
        'asset issue',
        'asset show',
        'account open',
        'account show',
        'account list',
        'payments import',
        'payments status',
        'payments reveal',
        'contract new',
        'contract test',
        'contract build',
        'contract deploy',
        'contract call',
        'contract view',
        'contract logs',
        'contract show',
        'contract list',
        'contract upgrade',
        'contract fund',
        'contract pause',
        'contract resume',
        'contract verify',
        'receipt get',
        'receipt verify',
      ].sort(),
    )
  })

  it.each(leaves.map(({ name }) => name))(
    '%s has --home, --json and an example in its help, and a section in docs/cli.md',
    async (name) => {
      const { exit, output } = await runIn([...name.split(' '), '--help'])
      expect(exit).toBe(exitCodes.ok)
      expect(output).toMatch(/--home/)
      expect(output).toMatch(/--json/)
      expect(output).toContain(`Example:\n  $ tallystick ${name}`)
      expect(await read('../docs/cli.md')).toContain(`\n### ${name}\n`)
    },
  )

  it.each([
    [['nonsense']],
    [['network']],
    [[]],
    [['network', 'create', '--colour']],
    [['transfer']],
    [['receipt', 'verify']],
  ])('%j is refused with USAGE', async (argv) => {
    const { exit, errors } = await runIn(argv)
    expect(exit).toBe(exitCodes.usage)
    expect(errors).toContain('error USAGE')
    expect(errors).toContain('docs/cli.md#usage')
  })

  it('prints its version, which is that of the package', async () => {
    expect((await runIn(['--version'])).output.trim()).toBe(versionText)
    expect(JSON.parse(await read('./package.json')).version).toBe(versionText)
  })

  it.each(['network status', 'network start', 'network stop', 'member list', 'payments import file.xml'])(
    '%s says that there is no network, and how to make one',
    async (line) => {
      const { exit, errors } = await runIn(line.split(' '))
      expect(exit).toBe(exitCodes.usage)
      expect(errors).toMatch(/error NETWORK_MISSING: .*\n {2}Create a network with/)
    },
  )

  it('gives machines one JSON document for a failure', async () => {
    const { errors, output } = await runIn(['network', 'status', '--json'])
    expect(output).toBe('')
    expect(JSON.parse(errors)).toMatchObject({
      error: { code: 'NETWORK_MISSING', docs: 'docs/cli.md#network_missing' },
    })
  })
})

describe('a network on this machine', () => {
  it('is created, listed, and deleted after a question', async () => {
    const home = join(directory, 'net')
    const created = await runIn(['network', 'create', '--home', home, '--json'])
    expect(created.exit).toBe(exitCodes.ok)
    expect(JSON.parse(created.output).nodes).toHaveLength(4)
    expect((await runIn(['network', 'create', '--home', home])).errors).toContain('CONFIG_HOME_EXISTS')
    const keys = JSON.parse((await runIn(['keys', 'list', '--home', home, '--json'])).output).keys
    expect(keys).toHaveLength(8)
    const status = await runIn(['network', 'stop', '--home', home])
    expect([status.exit, status.errors]).toEqual([
      exitCodes.unavailable,
      expect.stringContaining('NETWORK_NOT_RUNNING'),
    ])

    expect((await runIn(['network', 'reset', '--home', home])).errors).toContain('CONFIRMATION_NEEDED')
    const declined = fakeTerminal({ cwd: directory, answers: ['n'] })
    expect((await runIn(['network', 'reset', '--home', home], declined)).errors).toContain('CONFIRMATION_DECLINED')
    expect((await runIn(['keys', 'list', '--home', home, '--json'])).output).toContain('settlement-bank')
    const agreed = fakeTerminal({ cwd: directory, answers: ['y'] })
    expect((await runIn(['network', 'reset', '--home', home], agreed)).exit).toBe(exitCodes.ok)
    expect((await runIn(['network', 'status', '--home', home])).errors).toContain('NETWORK_MISSING')
  })

  it.each([['0'], ['65'], ['x'], ['1e1']])('refuses %s validators', async (count) => {
    const { exit, errors } = await runIn([
      'network',
      'create',
      '--home',
      join(directory, 'none'),
      '--validators',
      count,
    ])
    expect([exit, errors]).toEqual([exitCodes.usage, expect.stringContaining('VALUE_INVALID')])
  })
})

describe('keys', () => {
  it('go from one machine to another and stay the same key', async () => {
    const first = await runIn(['keys', 'new', 'a.json', '--kind', 'member', '--json'])
    await runIn(['keys', 'export', 'a.json', '--secret-to', 'a.hex'])
    const second = await runIn(['keys', 'import', 'a.hex', 'b.json', '--kind', 'member', '--json'])
    expect(JSON.parse(second.output).publicKey).toBe(JSON.parse(first.output).publicKey)
    const { secret } = JSON.parse(await readFile(join(directory, 'b.json'), 'utf8'))
    expect(secret).toEqual(JSON.parse(await readFile(join(directory, 'a.json'), 'utf8')).secret)
  })

  it('are never overwritten, and no error repeats a secret', async () => {
    await runIn(['keys', 'new', 'c.json'])
    const again = await runIn(['keys', 'new', 'c.json'])
    expect([again.exit, again.errors]).toEqual([exitCodes.usage, expect.stringContaining('KEY_FILE_EXISTS')])
    await runIn(['keys', 'export', 'c.json', '--secret-to', 'c.hex'])
    const secret = (await readFile(join(directory, 'c.hex'), 'utf8')).trim()
    const wrong = await runIn(['keys', 'import', 'c.hex', 'd.json', '--kind', 'member'])
    expect(wrong.exit).toBe(exitCodes.usage)
    expect(wrong.errors).not.toContain(secret.slice(0, 8))
  })

  it('can be encrypted, with the passphrase asked for', async () => {
    const asked = fakeTerminal({ cwd: directory, answers: ['words', 'words'] })
    expect((await runIn(['keys', 'new', 'e.json', '--encrypt'], asked)).exit).toBe(exitCodes.ok)
    const wrong = fakeTerminal({ cwd: directory, answers: ['other'] })
    expect((await runIn(['keys', 'export', 'e.json', '--secret-to', 'e.hex'], wrong)).errors).toContain(
      'KEY_PASSPHRASE_WRONG',
    )
    expect((await runIn(['keys', 'export', 'e.json', '--secret-to', 'f.hex'])).errors).toContain(
      'KEY_PASSPHRASE_MISSING',
    )
  })
})

describe('errors', () => {
  it('have a section of docs/cli.md each, and docs/cli.md has no other', async () => {
    const text = await read('../docs/cli.md')
    const documented = [...text.matchAll(/^#### ([A-Z0-9_]+)$/gm)].map((match) => match[1])
    const known = [...Object.keys(cliErrors), ...Object.keys(keyProblems), ...Object.keys(configProblems), 'NOT_BUILT']
    expect(documented.sort()).toEqual(known.sort())
  })

  it('of payments stand in docs/payments.md with their ISO reason', async () => {
    const text = await read('../docs/payments.md')
    for (const [code, [iso]] of Object.entries(paymentProblems)) expect(text).toContain(`| \`${code}\` | ${iso} |`)
  })

  it('without a code are faults of the program, told with where they happened', () => {
    const failure = describeFailure(new TypeError('x is undefined'))
    expect([failure.code, failure.exit]).toEqual(['INTERNAL', exitCodes.failed])
    expect(failure.message).toContain('program.test.ts')
  })
})
