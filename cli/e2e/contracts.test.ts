import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBuilt, start, tallystick, tallystickJson } from './command.ts'
import { temporaryHome } from './home.ts'

interface LoggedCall {
  readonly name: string
  readonly transaction: string
  readonly lines: readonly string[]
  readonly failure?: string
  readonly trace?: string
}
interface ShownFailure {
  readonly error: { readonly code: string; readonly message: string; readonly result?: string; readonly trace?: string }
}

const waitMaxMs = 60_000
const pollMs = 250
/** Of a member that keeps no contract here. */
const otherKey = '.tallystick/keys/members/harbour-bank.json'

describe.skipIf(!isBuilt)('contracts, from nothing to one that acts by itself', () => {
  let cwd: string
  let remove: () => Promise<void>
  const run = (...argv: string[]) => tallystick(cwd, ...argv)
  const json = <T>(...argv: string[]) => tallystickJson<T>(cwd, ...argv)
  const contract = <T = Record<string, unknown>>(...argv: string[]) => json<T>('contract', ...argv)
  const logged = async (name: string): Promise<readonly LoggedCall[]> =>
    (await contract<{ calls: LoggedCall[] }>('logs', name)).calls
  /** Where calls failed: by the code that ran, also once there is another. */
  const traces = async () => (await logged('deal')).flatMap(({ trace }) => trace ?? [])
  const promise = async (id: string) =>
    (await contract<{ output: Record<string, unknown> }>('view', 'deal', 'promise', JSON.stringify({ id }))).output
  const make = (id: string, seconds: number) =>
    contract<{ height: number }>('call', 'deal', 'make', JSON.stringify({ id, what: 'deliver 20 chairs', seconds }))
  const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    const deadline = performance.now() + waitMaxMs
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() > deadline) throw new Error('it did not come')
      await delay(pollMs)
    }
  }
  const failureOf = async (...argv: string[]) => {
    const { exit, errors } = await run('contract', ...argv, '--json')
    return { exit, ...(JSON.parse(errors) as ShownFailure).error }
  }

  beforeAll(async () => {
    ;({ cwd, remove } = await temporaryHome())
  })
  afterAll(async () => {
    await run('network', 'stop')
    await remove()
  })

  it('takes five commands; the receipt of the call that the ledger made by itself is verified', async () => {
    await json('network', 'start', '--create')
    await contract('new', 'deal')
    expect(await contract('test', 'deal')).toMatchObject({ passed: 3 })
    const { profile } = await contract('test', 'deal', '--profile')
    expect(profile).toMatchObject([
      { file: 'contract.ts', lines: expect.arrayContaining([expect.objectContaining({ hits: 3 })]) },
    ])
    expect(await contract('deploy', 'deal/contract.ts')).toMatchObject({ name: 'deal', prepaidSteps: 500_000 })
    expect(await make('p1', 2)).toMatchObject({ result: 'OK', returned: { dueMs: expect.any(Number) }, events: [] })

    const lapse = await until(async () => (await logged('deal')).find(({ name }) => name === 'lapse'))
    expect(lapse.lines).toEqual(['broken: p1'])
    const receipt = await until(async () => {
      const ended = await run('receipt', 'get', lapse.transaction, '--out', 'lapse.json', '--json')
      return ended.exit === 0 ? (JSON.parse(ended.output) as { result: string }) : undefined
    })
    expect(receipt.result).toBe('OK')
    expect(await json('receipt', 'verify', 'lapse.json')).toMatchObject({ verified: true, result: 'OK' })
    expect(await readFile(join(cwd, 'lapse.json'), 'utf8')).toContain('deliver 20 chairs')
    expect(await promise('p1')).toMatchObject({ status: 'broken' })
  }, 180_000)

  it('tells the author the line of a refusal, and others its code alone', async () => {
    const again = await failureOf('call', 'deal', 'make', '{"id":"p1","what":"","seconds":9}')
    expect(again).toMatchObject({ exit: 1, code: 'TRANSACTION_REJECTED', result: 'CONTRACT_REFUSED' })
    expect(again.message).toContain('PROMISE_EXISTS: there is a promise p1 already')
    const text = (await readFile(join(cwd, 'deal', 'contract.ts'), 'utf8')).split('\n')
    const line = 1 + text.findIndex((each) => each.includes("refuse('PROMISE_EXISTS'"))
    expect(again.trace).toMatch(new RegExp(`^    at run \\(contract\\.ts:${line}:\\d+\\)$`))
    const notes = await logged('deal')
    expect(notes.at(-1)).toMatchObject({ name: 'make', failure: expect.stringContaining('PROMISE_EXISTS') })
    expect(notes.at(-1)?.trace).toBe(again.trace)
    const stranger = await run('contract', 'logs', 'deal', '--key', '.tallystick/keys/members/alpine-bank.json')
    expect([stranger.exit, stranger.errors]).toEqual([1, expect.stringContaining('API_NOT_AUTHOR')])
  }, 60_000)

  it('follows logs until it is ended', async () => {
    const follower = start(cwd, 'contract', 'logs', 'deal', '--follow')
    await follower.until('broken: p1')
    await make('p2', 1)
    await follower.until('broken: p2')
    follower.child.kill('SIGINT')
    expect((await follower.ended).exit).toBe(0)
  }, 60_000)

  it('upgrades with a migration: rows move, bookings stay', async () => {
    await make('p3', 3_000)
    const tracesBefore = await traces()
    expect(tracesBefore).toHaveLength(1)
    const path = join(cwd, 'deal', 'contract.ts')
    const text = await readFile(path, 'utf8')
    const before = text.slice(text.indexOf('const promises'), text.indexOf('const promiseId'))
    const migrate = `migrate: {
      from: { promises: before },
      run(ctx, cursor) {
        const page = ctx.old.promises.range({ cursor, limit: 1 })
        for (const row of page.rows) ctx.tables.promises.put({ ...row, note: 'of version 1' })
        return page.cursor
      },
    },`
    const next = text
      .replace('const promises', `${before.replace('const promises', 'const before')}\nconst promises`)
      .replace(/(const promises = table[\s\S]*?)(booking: t\.integer\(\),)/, '$1$2\n    note: t.string(),')
      .replace('dueMs, booking })', "dueMs, booking, note: '' })")
      .replace('  views: {', `  ${migrate}\n\n  views: {`)
    await writeFile(path, next)
    expect(await failureOf('verify', 'deal', 'deal')).toMatchObject({
      exit: 4,
      code: 'CONTRACT_SOURCE_DIFFERS',
      differing: [{ file: 'contract.ts', where: 'other text' }],
    })
    expect(await contract('upgrade', 'deal', 'deal/contract.ts')).toMatchObject({ migrated: true, generation: 1 })
    expect(await traces()).toEqual(tracesBefore)
    expect(await promise('p3')).toMatchObject({ status: 'open', note: 'of version 1' })
    expect(await contract('show', 'deal')).toMatchObject({
      generation: 1,
      status: 'active',
      bookings: [{ name: 'lapse', input: '{"id":"p3"}' }],
    })
    expect(await contract('verify', 'deal', 'deal')).toMatchObject({ verified: true, files: ['contract.ts'] })
    expect(await contract('upgrade', 'deal', 'deal/contract.ts')).toMatchObject({ changed: false })
  }, 150_000)

  it('pauses, goes on, and buys steps for triggers', async () => {
    await contract('pause', 'deal')
    expect(await failureOf('call', 'deal', 'keep', '{"id":"p3"}')).toMatchObject({ result: 'CONTRACT_PAUSED' })
    await contract('resume', 'deal')
    expect(await contract('call', 'deal', 'keep', '{"id":"p3"}')).toMatchObject({ events: [{ topic: 'kept' }] })
    const { contracts } = await contract<{ contracts: { name: string; prepaidSteps: number }[] }>('list')
    const { prepaidSteps } = contracts.find(({ name }) => name === 'deal')!
    expect(await contract('fund', 'deal', '12345')).toMatchObject({ prepaidSteps: prepaidSteps + 12_345 })
  }, 60_000)

  it('keeps money: a payment in escrow comes back by itself, what is written as people write it', async () => {
    await json('asset', 'create', 'EUR', '--issuer', 'settlement-bank')
    await json('account', 'open', '4711', '--member', 'alpine-bank')
    await json('account', 'open', '4712', '--member', 'harbour-bank')
    await json('asset', 'issue', 'EUR', '1000.00', '4711')
    await mkdir(join(cwd, 'escrow'))
    const source = fileURLToPath(new URL('../../contracts/escrow/contract.ts', import.meta.url))
    await cp(source, join(cwd, 'escrow', 'contract.ts'))
    await contract('deploy', 'escrow/contract.ts', '--as', 'my-escrow', '--by', 'alpine-bank')
    const terms = { id: 'order-1', buyer: '4711', seller: '4712', price: { asset: 'EUR', amount: '250.00 EUR' } }
    const open = { ...terms, deadlineMs: Date.now() + 8_000 }
    await writeFile(join(cwd, 'open.json'), JSON.stringify(open))
    const call = ['call', 'my-escrow', 'open', '@open.json', '--as', '4711']
    expect(await failureOf(...call, '--fund', '4711:EUR:249.99')).toMatchObject({ result: 'CONTRACT_REFUSED' })
    expect(await contract(...call, '--fund', '4711:EUR:250.00')).toMatchObject({
      result: 'OK',
      events: [{ topic: 'opened', data: { amount: '25000' } }],
    })
    await contract(
      'call',
      'alpine-bank/my-escrow',
      'release',
      '{"id":"order-1","by":"4711","amount":"100 EUR"}',
      '--as',
      '4711',
    )
    const balanceOf = async (account: string): Promise<string | undefined> =>
      (await json<{ positions: { balance: string }[] }>('account', 'show', account)).positions[0]?.balance
    expect([await balanceOf('4711'), await balanceOf('4712')]).toEqual(['75000', '10000'])
    await until(async () => ((await balanceOf('4711')) === '90000' ? true : undefined))
  }, 120_000)

  it.each([
    ['CONTRACT_UNKNOWN', ['call', 'nothing', 'make']],
    ['CONTRACT_UNKNOWN', ['show', 'ab'.repeat(32)]],
    ['CONTRACT_UNKNOWN', ['show', 'harbour-bank/deal']],
    ['CONTRACT_ACTION_UNKNOWN', ['call', 'deal', 'constructor']],
    ['CONTRACT_ACTION_UNKNOWN', ['view', 'deal', 'make']],
    ['CONTRACT_INPUT_INVALID', ['call', 'deal', 'make', '{"id":"x","what":"y","seconds":0}']],
    ['CONTRACT_INPUT_INVALID', ['view', 'deal', 'promise', '{"id":"x","more":1}']],
    ['VALUE_INVALID', ['call', 'deal', 'make', '{id:"x"}']],
    ['VALUE_INVALID', ['call', 'deal', 'make', '{"id":"x","what":"y","seconds":9}', '--fund', '4711:EUR']],
    ['VALUE_INVALID', ['call', 'deal', 'make', '{"id":"x","what":"y","seconds":9}', '--fuel', '20000001']],
    ['VALUE_INVALID', ['fund', 'deal', '-5']],
    ['CONTRACT_PREPAID_INVALID', ['fund', 'deal', '20000000']],
    ['CONTRACT_PREPAID_INVALID', ['deploy', 'deal/contract.ts', '--as', 'rich', '--prepaid', '2000000']],
    ['CONTRACT_PREPAID_INVALID', ['deploy', 'deal/contract.ts', '--as', 'rich', '--prepaid', '99999999999999']],
    ['FILE_UNREADABLE', ['call', 'deal', 'make', '@none.json']],
    ['ACCOUNT_UNKNOWN', ['call', 'deal', 'make', '{"id":"x","what":"y","seconds":9}', '--as', 'nobody']],
    ['MEMBER_UNKNOWN', ['deploy', 'deal/contract.ts', '--by', 'nobody']],
    ['KEY_OF_OTHER', ['deploy', 'deal/contract.ts', '--as', 'rich', '--key', otherKey]],
    ['KEY_OF_OTHER', ['fund', 'deal', '5', '--key', otherKey]],
    ['KEY_OF_OTHER', ['pause', 'deal', '--key', otherKey]],
    ['KEY_OF_OTHER', ['call', 'deal', 'keep', '{"id":"p3"}', '--as', '4711', '--key', otherKey]],
    ['BUILD_ENTRY_NOT_FOUND', ['deploy', 'none.ts']],
  ])('%s, exit status 2: contract %j', async (code, argv) => {
    expect(await failureOf(...argv)).toMatchObject({ exit: 2, code })
  })

  it.each([
    ['CONTRACT_EXISTS', ['deploy', 'deal/contract.ts']],
    ['MEMBER_ROLE_MISSING', ['deploy', 'deal/contract.ts', '--by', 'audit-registry']],
    ['CONTRACT_NAME_INVALID', ['deploy', 'deal/contract.ts', '--as', 'Deal']],
    ['CONTRACT_ACTION_UNKNOWN', ['call', 'deal', 'lapse', '{"id":"p1"}']],
    ['CONTRACT_FUEL_EXCEEDED', ['call', 'deal', 'make', '{"id":"x","what":"y","seconds":9}', '--fuel', '20']],
    ['CONTRACT_WRITES_EXCEEDED', ['call', 'deal', 'make', '{"id":"x","what":"y","seconds":9}', '--written-bytes', '1']],
  ])('the ledger refuses with %s: contract %j', async (result, argv) => {
    expect(await failureOf(...argv)).toMatchObject({ exit: 1, code: 'TRANSACTION_REJECTED', result })
  })

  it('names the option where prepaid steps are too many or too few, with what fits', async () => {
    const cadence = [
      "import { defineContract, t } from '@tallystick/contract-kit'",
      "export const contract = defineContract({ name: 'cadence', actions: {",
      '  tick: { internal: true, run() {} },',
      "  book: { run(ctx) { for (let i = 0; i < 90; i++) ctx.schedule({ inMs: 60_000, action: 'tick' }) } },",
      "}, schedules: [{ action: 'tick', everyMs: 60_000 }] })",
    ]
    await writeFile(join(cwd, 'deal', 'cadence.ts'), cadence.join('\n'))
    const deploy = (...more: string[]) => failureOf('deploy', 'deal/cadence.ts', ...more)
    const none = await deploy('--prepaid', '0')
    expect([none.code, none.message]).toEqual([
      'CONTRACT_PREPAID_INVALID',
      expect.stringMatching(/^--prepaid 0 .*10,100/),
    ])
    const many = (await deploy('--prepaid', '2000000')).message
    expect(many).toMatch(/^--prepaid 2,000,000 /)
    const most = /at most ([\d,]+) fit/.exec(many)![1]!.replaceAll(',', '')
    expect(await deploy('--prepaid', String(Number(most) + 1))).toMatchObject({ code: 'CONTRACT_PREPAID_INVALID' })
    expect(await contract('deploy', 'deal/cadence.ts', '--prepaid', most)).toMatchObject({ prepaidSteps: Number(most) })
    await contract('deploy', 'deal/cadence.ts', '--as', 'poor', '--prepaid', '10100')
    expect(await failureOf('call', 'poor', 'book', '--fuel', '10000000')).toMatchObject({
      result: 'CONTRACT_REFUSED',
      remedy: expect.stringMatching(/contract fund.*--prepaid/),
    })
  }, 60_000)

  it('says what a view refused', async () => {
    const refused = await failureOf('view', 'deal', 'promise', '{"id":"p99"}')
    expect(refused).toMatchObject({ exit: 1, code: 'CONTRACT_VIEW_FAILED' })
    expect(refused.message).toBe('PROMISE_UNKNOWN: there is no promise p99')
  })
})
