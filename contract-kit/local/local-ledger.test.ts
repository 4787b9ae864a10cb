import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type AnyContract,
  ContractCallError,
  describeProfile,
  fuzz,
  LocalLedger,
  lcovOf,
  Profile,
  processProfile,
  type RunMode,
} from './index.ts'
import { contract } from './testing/piggy-bank.ts'

const file = new URL('./testing/piggy-bank.ts', import.meta.url)

async function sceneIn(run?: RunMode) {
  const ledger = LocalLedger.create(run === undefined ? {} : { run })
  const owner = ledger.account('owner')
  const asset = ledger.asset('EUR')
  ledger.issue(asset, owner, 1_000n)
  const bank = await ledger.deploy(contract, file)
  const put = (amount: bigint) =>
    bank.call('put', { owner, asset, amount }, { as: owner, funds: [{ account: owner, asset, amount }] })
  return { ledger, owner, asset, bank, put }
}

describe('the local ledger', () => {
  for (const run of ['machine', 'native', 'profile'] as const) {
    test(`${run}: a call returns, writes and moves; time makes the contract act`, async () => {
      const { ledger, owner, asset, bank, put } = await sceneIn(run)
      expect([put(300n), put(200n)]).toEqual([300n, 500n])
      expect(bank.lastLog).toEqual([expect.stringMatching(/^saved .*500/)])
      expect([ledger.balance(owner, asset), ledger.balance(bank.account, asset)]).toEqual([500n, 500n])
      expect(bank.view('saved', { owner })).toBe(500n)
      expect(bank.bookings()).toHaveLength(2)
      expect(ledger.advance({ hours: 23 })).toEqual([])
      expect(ledger.advance({ days: 30 })).toHaveLength(2)
      expect(ledger.balance(owner, asset)).toBe(1_000n)
      expect(bank.events('given-back').map(({ data }) => data)).toEqual([
        { owner, amount: '300' },
        { owner, amount: '200' },
      ])
      ledger.kernel.audit()
    })
  }

  test('an error tells code, message, and the line of the author', async () => {
    for (const run of ['machine', 'native'] as const) {
      const { bank, owner, asset } = await sceneIn(run)
      expect(() => bank.call('put', { owner, asset, amount: 0n }, { as: owner })).toThrow(
        new ContractCallError('AMOUNT_ZERO', 'CONTRACT_REFUSED', 'put something in', ''),
      )
      try {
        bank.call('stumble', {})
        expect.unreachable()
      } catch (error) {
        expect(error).toMatchObject({ name: 'ContractCallError', result: 'CONTRACT_FAILED' })
        expect((error as Error).stack).toMatch(/piggy-bank\.ts:\d+:\d+/)
      }
    }
  })

  test('who did not sign, and what was not funded, is refused', async () => {
    const { ledger, owner, asset, bank } = await sceneIn()
    const other = ledger.account('other')
    const codeOf = (run: () => unknown): string => {
      try {
        run()
      } catch (error) {
        return (error as ContractCallError).code
      }
      return 'done'
    }
    expect(codeOf(() => bank.call('put', { owner, asset, amount: 5n }, { as: other }))).toBe('NOT_AUTHORIZED')
    expect(codeOf(() => bank.call('put', { owner, asset, amount: 5n }, { as: owner }))).toBe('FUNDS_MISSING')
    const tooFew = [{ account: owner, asset, amount: 4n }]
    expect(codeOf(() => bank.call('put', { owner, asset, amount: 5n }, { as: owner, funds: tooFew }))).toBe(
      'FUNDS_EXCEEDED',
    )
    expect(codeOf(() => bank.call('put', { owner: 'nobody', asset, amount: 5n } as never, { as: owner }))).toBe(
      'CONTRACT_INPUT_INVALID',
    )
    expect(codeOf(() => bank.call('giveBack', { owner, asset, amount: 5n }, { as: owner }))).toBe(
      'CONTRACT_ACTION_UNKNOWN',
    )
  })

  test('lines that ran are counted with their fuel', async () => {
    const { put } = await sceneIn('profile')
    put(5n)
    const files = processProfile().files
    const lines = files.find((each) => each.file.endsWith('piggy-bank.ts'))!.lines
    expect(lines.some(({ hits, fuel }) => hits > 0 && fuel > 10_000)).toBe(true)
    expect(lines.some(({ hits }) => hits === 0)).toBe(true)
    expect(describeProfile(files, 'contract-kit')).toMatch(/lines ran, not[\s\S]*ctx\.transfer\(/)
    expect(lcovOf(files, 'contract-kit')).toMatch(/SF:.*piggy-bank\.ts\nDA:\d+,/)
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-profile-'))
    processProfile().save(folder)
    processProfile().save(folder)
    expect(Profile.load(folder).files[0]!.lines[0]!.hits).toBe(2 * files[0]!.lines[0]!.hits)
    rmSync(folder, { recursive: true })
  })

  test('random calls find what the author did not see, and say the seed', async () => {
    const options = {
      contract,
      accounts: ['anna', 'bert'],
      assets: ['EUR'],
      amountMax: 50n,
      seed: 7,
      start: async () => {
        const ledger = LocalLedger.create()
        const asset = ledger.asset('EUR')
        for (const name of ['anna', 'bert']) ledger.issue(asset, ledger.account(name), 1_000n)
        const bank = await ledger.deploy(contract, file)
        const owners = ['anna', 'bert'].map((name) => ledger.account(name))
        const invariant = (): void => {
          const kept = owners.reduce((sum, owner) => sum + bank.view('saved', { owner }), 0n)
          if (kept !== ledger.balance(bank.account, asset)) throw new Error('the bank lost something')
        }
        return { ledger, contract: bank, invariant }
      },
    }
    const withoutStumbling: AnyContract = { ...contract, manifest: withoutActions('stumble') }
    await expect(fuzz({ ...options, contract: withoutStumbling as typeof contract })).rejects.toThrow(
      /seed: 7[\s\S]*lend[\s\S]*the bank lost something/,
    )
    const sound: AnyContract = { ...contract, manifest: withoutActions('stumble', 'lend') }
    await fuzz({ ...options, contract: sound as typeof contract, runs: 10 })
  })
})

function withoutActions(...names: string[]): typeof contract.manifest {
  const actions = Object.entries(contract.manifest.actions).filter(([name]) => !names.includes(name))
  return { ...contract.manifest, actions: Object.fromEntries(actions) }
}
