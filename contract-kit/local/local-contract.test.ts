import { describe, expect, expectTypeOf, test } from 'vitest'
import { ContractCallError, fuzz, type LocalContract, LocalLedger } from './index.ts'
import { contract } from './testing/notes.ts'

const file = new URL('./testing/notes.ts', import.meta.url)
type Note = { id: string; text?: string; price?: bigint }

/** A form that an application fills in; its compiler may take `undefined` for a missing field. */
const filled = <T>(form: { [N in keyof T]: T[N] | undefined }): T => form as T

describe('a contract on the local ledger', () => {
  for (const run of ['machine', 'native'] as const) {
    test(`${run}: fields that are undefined are not there`, async () => {
      const notes = await LocalLedger.create({ run }).deploy(contract, file)
      const written = notes.call('write', filled<Note>({ id: 'a', text: undefined, price: 5n }))
      expect(written).toStrictEqual({ id: 'a', price: 5n })
      expect(notes.events('written')[0]!.data).toStrictEqual({ id: 'a', price: '5' })
      notes.call('write', { id: 'b', text: 'second' })
      notes.call('nothing', filled<Record<string, never>>({ note: undefined }))

      const every = notes.view('list', filled<{ from?: string; limit?: number }>({ from: undefined, limit: undefined }))
      expect(every).toStrictEqual({
        rows: [
          { id: 'a', price: 5n },
          { id: 'b', text: 'second' },
        ],
      })
      const page = notes.view('list', filled<{ from?: string; limit?: number }>({ from: undefined, limit: 1 }))
      expect(page).toStrictEqual({ rows: [{ id: 'a', price: 5n }], cursor: expect.any(String) })
      expect(notes.view('first', {})).toStrictEqual({ note: { id: 'a', price: 5n } })
    })
  }

  test('null is no missing field', async () => {
    const notes = await LocalLedger.create().deploy(contract, file)
    const wrong = { id: 'a', text: null } as never
    expect(() => notes.call('write', wrong)).toThrow(expect.objectContaining({ code: 'CONTRACT_INPUT_INVALID' }))
    expect(() => notes.view('list', { from: null } as never)).toThrow(ContractCallError)
  })

  test('who signs must be known: a name, a stranger and an account without a key are told apart', async () => {
    const ledger = LocalLedger.create()
    const notes = await ledger.deploy(contract, file)
    const call = (as: string, funds: string[] = []) =>
      notes.call(
        'nothing',
        {},
        { as, funds: funds.map((account) => ({ account, asset: ledger.asset('EUR'), amount: 1n })) },
      )
    const refused = (words: RegExp) =>
      expect.objectContaining({
        name: 'LocalLedgerError',
        code: 'LOCAL_SIGNER_UNKNOWN',
        message: expect.stringMatching(words),
      })
    expect(() => call('alice')).toThrow(refused(/"alice" is no id: give ledger\.account\("alice"\)/))
    expect(() => call('ab'.repeat(32))).toThrow(refused(/no account or member of this ledger/))
    expect(() => call(ledger.member('acme'))).toThrow(refused(/publisher, issuer, customers/))
    expect(() => call(notes.account)).toThrow(refused(/has no key/))
    expect(() => call(ledger.account('alice'), [notes.account])).toThrow(refused(/has no key/))
    const terms = { from: 'alice', to: ledger.account('alice'), asset: ledger.asset('EUR'), amount: 1n }
    expect(() => ledger.transfer(terms)).toThrow(refused(/is no id/))
    const height = ledger.height
    expect(() => call('alice')).toThrow()
    expect(ledger.height).toBe(height)
    call(ledger.account('alice'))
    call(ledger.member('customers'))
  })

  test('random calls open the accounts and assets that the start did not', async () => {
    let calls = 0
    const start = async () => {
      const ledger = LocalLedger.create()
      const notes = await ledger.deploy(contract, file)
      return { ledger, contract: notes, invariant: () => void calls++ }
    }
    await fuzz({ contract, accounts: ['alice'], assets: ['EUR'], seed: 5, runs: 3, callsPerRun: 5, start })
    expect(calls).toBeGreaterThan(0)
  })

  test('types: a name may be one of several, if the input fits them all', () => {
    const use = (notes: LocalContract<typeof contract>, either: 'write' | 'erase', other: 'erase' | 'count') => {
      expectTypeOf(notes.call('write', { id: 'a', price: 5n })).toEqualTypeOf<Note>()
      expectTypeOf(notes.call('nothing', {})).toEqualTypeOf<void>()
      expectTypeOf(notes.call(either, { id: 'a' })).toEqualTypeOf<Note | boolean>()
      expectTypeOf(notes.call(other, { id: 'a', limit: 5 })).toEqualTypeOf<boolean | number>()
      expectTypeOf(notes.view('first', {})).toEqualTypeOf<{ note?: Note; by?: string }>()
      const view: 'list' | 'size' = either === 'write' ? 'list' : 'size'
      expectTypeOf(notes.view(view, { limit: 5 })).toEqualTypeOf<{ rows: Note[]; cursor?: string } | number>()
      expectTypeOf(notes.submit(either, { id: 'a' }).receipt.result).toBeString()
      // @ts-expect-error: `count` has no `id`, and `erase` no `limit`
      notes.call(other, { id: 'a' })
      // @ts-expect-error: an id is a text
      notes.call(either, { id: 5 })
      // @ts-expect-error: `erase` takes no such field
      notes.call('erase', { id: 'a', text: 'x' })
      // @ts-expect-error: there is no such action
      notes.call('list', {})
      // @ts-expect-error: nor such a view
      notes.view('write', { id: 'a' })
    }
    expect(use).toBeTypeOf('function')
  })
})
