import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBuilt, tallystick, tallystickJson } from './command.ts'
import { temporaryHome } from './home.ts'

interface Opened {
  readonly address: string
  readonly keyFile: string
  readonly receipt: string
}

const alice = 'DE02120300000000202051'
const bob = '4711'
/** Of a member that keeps none of these accounts and assets. */
const otherKey = '.tallystick/keys/members/audit-registry.json'

describe.skipIf(!isBuilt)('a ledger set up by hand', () => {
  let cwd: string
  let home: string
  let remove: () => Promise<void>
  const run = (...argv: string[]) => tallystick(cwd, ...argv)
  const json = <T>(...argv: string[]) => tallystickJson<T>(cwd, ...argv)
  const balanceOf = async (account: string, code: string): Promise<string | undefined> => {
    const { positions } = await json<{ positions: { code: string; balance: string }[] }>('account', 'show', account)
    return positions.find((position) => position.code === code)?.balance
  }
  beforeAll(async () => {
    ;({ cwd, home, remove } = await temporaryHome())
    expect((await run('network', 'create')).exit).toBe(0)
    expect((await run('network', 'start')).exit).toBe(0)
  }, 120_000)
  afterAll(async () => {
    await run('network', 'stop')
    await remove()
  })

  it('opens accounts, issues an asset, moves it, and shows proven balances', async () => {
    await json('asset', 'create', 'SEK', '--issuer', 'settlement-bank', '--name', 'Swedish krona')
    const opened = await json<Opened>('account', 'open', alice, '--member', 'alpine-bank', '--name', 'Alice')
    await json('account', 'open', bob, '--member', 'harbour-bank', '--bic', 'HARBGB2LXXX')
    await json('asset', 'issue', 'SEK', '1000.00', alice)
    const moved = await json<{ receipt: string; result: string }>(
      ...[
        'transfer',
        '--from',
        alice,
        '--to',
        bob,
        '--amount',
        '12.34',
        '--asset',
        'SEK',
        '--reference',
        'ab'.repeat(32),
      ],
    )
    expect(moved.result).toBe('OK')
    expect([await balanceOf(opened.address, 'SEK'), await balanceOf(bob, 'SEK')]).toEqual(['98766', '1234'])
    expect(await json('receipt', 'verify', moved.receipt)).toMatchObject({ verified: true, result: 'OK' })
    expect(await json('asset', 'show', 'SEK')).toMatchObject({ circulating: '100000', verified: true })
    expect(await json('block', 'show', '1')).toMatchObject({ header: { height: 1 } })
    const { members } = await json<{ members: unknown[] }>('member', 'list')
    expect(members).toHaveLength(4)
  }, 120_000)

  it('repeats a transfer of the same reference without moving anything, and rejects another under it', async () => {
    const transfer = (amount: string) =>
      run(
        'transfer',
        '--from',
        alice,
        '--to',
        bob,
        '--amount',
        amount,
        '--asset',
        'SEK',
        '--reference',
        'ab'.repeat(32),
        '--json',
      )
    expect(JSON.parse((await transfer('12.34')).output)).toMatchObject({ result: 'ALREADY_DONE' })
    const other = await transfer('12.35')
    expect([other.exit, JSON.parse(other.errors)]).toMatchObject([
      1,
      { error: { code: 'TRANSACTION_REJECTED', result: 'REFERENCE_CONFLICT' } },
    ])
    expect(await balanceOf(bob, 'SEK')).toBe('1234')
  }, 60_000)

  it.each([
    ['TRANSACTION_REJECTED', 1, ['transfer', '--from', alice, '--to', bob, '--amount', '5000', '--asset', 'SEK']],
    ['ASSET_UNKNOWN', 2, ['transfer', '--from', alice, '--to', bob, '--amount', '5', '--asset', 'XTS']],
    ['ACCOUNT_UNKNOWN', 2, ['transfer', '--from', alice, '--to', 'nobody', '--amount', '5', '--asset', 'SEK']],
    ['VALUE_INVALID', 2, ['transfer', '--from', alice, '--to', bob, '--amount', '0.001', '--asset', 'SEK']],
    ['MEMBER_UNKNOWN', 2, ['account', 'open', '4712', '--member', 'no-bank']],
    ['TRANSACTION_REJECTED', 1, ['asset', 'create', 'NOK', '--issuer', 'alpine-bank']],
    ['KEY_OF_OTHER', 2, ['account', 'open', '4714', '--member', 'harbour-bank', '--member-key', otherKey]],
    ['KEY_OF_OTHER', 2, ['asset', 'create', 'DKK', '--issuer', 'settlement-bank', '--member-key', otherKey]],
    ['KEY_OF_OTHER', 2, ['asset', 'issue', 'SEK', '5', alice, '--member-key', otherKey]],
  ] as const)('%s, exit status %i: %j', async (code, exit, argv) => {
    const ended = await run(...argv)
    expect([ended.exit, ended.errors]).toEqual([exit, expect.stringContaining(`error ${code}`)])
  })

  it('takes accounts of another machine into its address book, and pays to them', async () => {
    const { address } = await json<Opened>('account', 'open', '4713', '--member', 'harbour-bank')
    const book = join(home, 'address-book.json')
    const kept = JSON.parse(await readFile(book, 'utf8')) as { accounts: { account: string }[] }
    await writeFile(
      book,
      JSON.stringify({ ...kept, accounts: kept.accounts.filter(({ account }) => account !== 'OTHR:4713') }),
    )
    await writeFile(join(cwd, 'accounts.csv'), `account,address,name\n4713,${address},"Carol, at Harbour"\n`)
    expect(await json('accounts', 'import', 'accounts.csv')).toEqual({ imported: 1, accounts: 3 })
    await json('transfer', '--from', alice, '--to', '4713', '--amount', '1', '--asset', 'SEK')
    expect(await balanceOf('4713', 'SEK')).toBe('100')
    const back = await run('transfer', '--from', '4713', '--to', alice, '--amount', '1', '--asset', 'SEK')
    expect([back.exit, back.errors]).toEqual([2, expect.stringContaining('error ACCOUNT_KEY_UNKNOWN')])
  }, 60_000)

  it('works from a machine that has only the genesis file and the address of a node', async () => {
    const { nodes } = JSON.parse(await readFile(join(home, 'network.json'), 'utf8')) as { nodes: { apiPort: number }[] }
    const place = [
      '--home',
      join(cwd, 'elsewhere'),
      '--node',
      `http://127.0.0.1:${nodes[0]!.apiPort}`,
      '--genesis',
      join(home, 'genesis.json'),
    ]
    expect(await json('asset', 'show', 'SEK', ...place)).toMatchObject({ verified: true })
    const strange = await run(
      'asset',
      'show',
      'SEK',
      '--node',
      'http://127.0.0.1:1',
      '--genesis',
      join(home, 'genesis.json'),
    )
    expect(strange.exit).toBe(3)
  }, 120_000)

  it("moves nothing with another account's key, and says so at once", async () => {
    const { keyFile } = await json<Opened>('account', 'open', '4719', '--member', 'harbour-bank')
    const paying = [
      'transfer',
      '--from',
      alice,
      '--to',
      bob,
      '--amount',
      '5',
      '--asset',
      'SEK',
      '--key',
      join(home, keyFile),
    ]
    const ended = await run(...paying)
    expect([ended.exit, ended.errors]).toEqual([2, expect.stringContaining('error KEY_OF_OTHER')])
  })
})
