import { type LocalContract, LocalLedger } from '@tallystick/contract-kit/testing'
import { beforeEach, expect, test } from 'vitest'
import { contract } from './contract.ts'

// A whole ledger in this process. Its time stands until a call moves it by a second, or `advance` by more.
let ledger: LocalLedger
let alice: string
let bob: string
let promises: LocalContract<typeof contract>

beforeEach(async () => {
  ledger = LocalLedger.create()
  alice = ledger.account('alice')
  bob = ledger.account('bob')
  promises = await ledger.deploy(contract, new URL('./contract.ts', import.meta.url))
})

const make = () => promises.call('make', { id: 'p1', what: 'deliver 20 chairs', seconds: 60 }, { as: alice })

test('a promise that is kept in time stays kept', () => {
  const { dueMs } = make()
  expect(dueMs).toBe(ledger.now + 60_000)
  promises.call('keep', { id: 'p1' }, { as: alice })
  expect(promises.events('kept')).toMatchObject([{ data: { id: 'p1', earlyMs: 59_000 } }])

  expect(ledger.advance({ days: 1 })).toEqual([])
  expect(promises.view('promise', { id: 'p1' })).toMatchObject({ status: 'kept', owner: alice })
})

test('the ledger calls a promise broken by itself', () => {
  make()
  ledger.advance({ seconds: 59 })
  expect(promises.view('promise', { id: 'p1' })).toMatchObject({ status: 'open' })
  ledger.advance({ seconds: 1 })
  expect(promises.view('promise', { id: 'p1' })).toMatchObject({ status: 'broken' })
  expect(promises.events('broken')).toMatchObject([{ data: { id: 'p1', what: 'deliver 20 chairs' } }])
})

test('refusals have codes, and nothing of a refused call remains', () => {
  make()
  const refused = (code: string) => expect.objectContaining({ name: 'ContractCallError', code })
  expect(make).toThrow(refused('PROMISE_EXISTS'))
  expect(() => promises.call('keep', { id: 'p1' }, { as: bob })).toThrow(refused('NOT_AUTHORIZED'))
  expect(() => promises.call('keep', { id: 'p2' }, { as: alice })).toThrow(refused('PROMISE_UNKNOWN'))
  expect(promises.view('open', {})).toMatchObject([{ id: 'p1', status: 'open' }])
})
