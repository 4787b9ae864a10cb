import { toHex } from '@tallystick/core/codec'
import { type AccountId, actionsOf, type ContractId, type StateProof } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import type { LedgerEvent } from '../client.ts'
import { keyFromSeed } from '../keys/key.ts'
import { clientOf, startNode } from '../testing/nodes.ts'
import * as chain from '../testing/tiny-chain.ts'
import { callContract } from './call-contract.ts'
import { callOutcome } from './call-outcome.ts'
import { deployContract } from './contract-actions.ts'

const { contract, bank, alice, bob, euro } = chain
const unknown = new Uint8Array(32) as ContractId

test('a call declares its limits, and is authorized by its callers and by those whose funds it may take, each once', () => {
  const terms = { ledger: clientOf(['http://127.0.0.1']).ledger, payer: bank, validUntilMs: 1 }
  const fund = (account: AccountId) => ({ account, asset: euro, amount: 5n })
  const body = callContract({
    ...terms,
    contract,
    action: 'pay',
    input: { to: 'bob' },
    callers: [
      { kind: 'member', member: bank },
      { kind: 'account', account: alice },
    ],
    funds: [fund(bob), fund(alice)],
  })
  const [call] = actionsOf(body)
  expect(call).toMatchObject({ name: 'pay', input: '{"to":"bob"}', fuel: 2_000_000, writtenBytes: 65_536 })
  expect(body.limits.steps).toBeGreaterThan(20_000)
  const shown = body.authorizers.map((one) => ('account' in one ? toHex(one.account) : one.kind))
  expect(shown.sort()).toEqual([toHex(alice), toHex(bob), 'member'].sort())
  const small = callContract({ ...terms, contract, action: 'a', input: null, fuel: 1_000, writtenBytes: 1 })
  expect(actionsOf(small)[0]).toMatchObject({ fuel: 1_000, writtenBytes: 1, callers: [], input: 'null' })
  expect(() => callContract({ ...terms, contract, action: 'x'.repeat(65), input: 0 })).toThrow(
    expect.objectContaining({ code: 'CLIENT_TRANSACTION_INVALID' }),
  )
})

test('the id of a contract is known before it is deployed', () => {
  const code = { script: 's', source: 't', sourceMap: '{}' }
  const { contract: id, action } = deployContract({ member: bank, name: 'counter', code })
  expect(id).toEqual(contract)
  expect(action).toMatchObject({ vmVersion: 1, fuel: 5_000_000, prepaidSteps: 0, script: 's' })
})

test('contracts, codes, rows, bookings and views are read', async () => {
  const client = clientOf([(await startNode()).url])
  expect((await client.listContracts({ member: bank })).items.map(({ record }) => record.name)).toEqual(['counter'])
  const { record, manifest } = await client.contract(contract)
  expect([record.name, manifest.name]).toEqual(['counter', 'counter'])
  expect((await client.publishedCode(record.code)).source).toBe('by hand')
  expect(await client.contractRows(contract, { from: 'counter/', to: 'counter0' })).toEqual({
    height: 1,
    generation: 0,
    rows: [chain.contractRow],
    next: undefined,
  })
  expect((await client.contractRows(contract, { to: 'counter/' })).rows).toEqual([])
  expect(await client.contractBookings(contract)).toMatchObject([{ number: 3, booking: { name: 'beat', dueMs: 9 } }])
  expect(await client.contractView(contract, 'total', { name: 'a' })).toEqual({ height: 1, output: 7 })
  await expect(client.contract(unknown)).rejects.toMatchObject({ code: 'CLIENT_NOT_FOUND' })
  await expect(client.contractView(contract, 'sum', {})).rejects.toMatchObject({ code: 'CLIENT_NOT_FOUND' })
})

test('why a view failed is told by codes: the field of the input, or what the contract says', async () => {
  const client = clientOf([(await startNode()).url])
  await expect(client.contractView(contract, 'total', {})).rejects.toMatchObject({
    code: 'CLIENT_INPUT_INVALID',
    detail: 'API_VIEW_INPUT_INVALID: input.name: missing.',
  })
  await expect(client.contractView(contract, 'total', { name: 'closed' })).rejects.toMatchObject({
    code: 'CLIENT_VIEW_FAILED',
    problem: { failure: { code: 'NOT_TODAY', message: 'It is closed.' } },
  })
})

test('error: a code that is not what its hash says is refused', async () => {
  const { url } = await startNode((port) => {
    port.code = async () => ({ ...chain.contractCode, script: 'globalThis.contract = () => "{ }"' })
  })
  await expect(clientOf([url]).publishedCode(chain.code)).rejects.toMatchObject({ code: 'CLIENT_PROOF_OF_OTHER' })
})

test('a row is proven together with the contract that says which generation counts', async () => {
  const client = clientOf([(await startNode()).url])
  expect((await client.verifiedContract(contract)).value?.name).toBe('counter')
  const { value, at, proof } = await client.verifiedContractRow(contract, 'counter/a')
  expect([value, at.height, proof]).toMatchObject([chain.contractRow, 1, { entries: [{}, {}] }])
  expect((await client.verifiedContractRow(contract, 'counter/b')).value).toBeUndefined()
  expect((await client.verifiedContractRow(chain.migrated, 'kept')).value?.value).toBe('third')
  expect((await client.verifiedContractRow(unknown, 'counter/a')).value).toBeUndefined()
})

const lies: [string, string, (proof: StateProof) => StateProof][] = [
  [
    'the row of another contract',
    'CLIENT_PROOF_OF_OTHER',
    ({ entries: [, second], ...rest }) => {
      const other = chain.proveState([{ key: { kind: 'contract', contract: chain.migrated } }])
      return { ...rest, entries: [other.entries[0]!, second!] }
    },
  ],
  ['the row alone', 'CLIENT_PROOF_INCOMPLETE', (proof) => ({ ...proof, entries: proof.entries.slice(1) })],
  [
    'another value',
    'CLIENT_PROOF_INVALID',
    ({ entries: [first, second], ...rest }) => {
      const encoded = second!.record!.encoded.map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte))
      return { ...rest, entries: [first!, { ...second!, record: { ...second!.record!, encoded } }] }
    },
  ],
  [
    'no row, where there is one',
    'CLIENT_PROOF_INVALID',
    ({ entries: [first, second], ...rest }) => ({ ...rest, entries: [first!, { ...second!, record: undefined }] }),
  ],
]
test.each(lies)('error: a node that proves %s', async (_, code, lie) => {
  const { url } = await startNode((port) => {
    port.stateProof = async (keys) => lie(chain.proveState(keys))
  })
  await expect(clientOf([url]).verifiedContractRow(contract, 'counter/a')).rejects.toMatchObject({ code })
})

test('the author reads the logs, by a signature; others do not', async () => {
  const client = clientOf([(await startNode()).url])
  const reader = { member: bank, signers: [keyFromSeed(chain.bankSigningSeed)] }
  const notes = await client.contractLogs(contract, reader)
  expect(notes).toMatchObject([
    { number: 1, code: undefined, transaction: chain.calledId, name: 'add', fuelUsed: 9, lines: ['line 1'] },
    { number: 2, code: chain.code, stack: 'at add (contract:1:1)' },
  ])
  expect(await client.contractLogs(contract, reader, { after: 1, limit: 10 })).toHaveLength(1)
  const stranger = { member: bank, signers: [keyFromSeed(new Uint8Array(32).fill(77))] }
  await expect(client.contractLogs(contract, stranger)).rejects.toMatchObject({
    code: 'CLIENT_REFUSED',
    problem: { code: 'API_NOT_AUTHOR' },
  })
  const broken = { ...keyFromSeed(chain.bankSigningSeed), sign: () => Promise.reject(new Error('no card')) }
  await expect(client.contractLogs(contract, { member: bank, signers: [broken] })).rejects.toMatchObject({
    code: 'CLIENT_SIGNER_FAILED',
  })
})

test('a verified receipt has all events, and says what a call returned', async () => {
  const client = clientOf([(await startNode()).url])
  const receipt = await client.verifiedReceipt(chain.calledId)
  expect([...receipt.events.values()].map(({ topic }) => topic)).toEqual(['counted', 'returned'])
  expect(callOutcome(receipt, contract)).toEqual({ kind: 'returned', output: 7 })
  expect(() => callOutcome(receipt, contract, 1)).toThrow(expect.objectContaining({ code: 'CLIENT_PROOF_INCOMPLETE' }))
  const one = await client.verifiedReceipt(chain.calledId, { events: [1] })
  expect([...one.events]).toMatchObject([[1, { data: '7' }]])
  const failed = await client.verifiedReceipt(chain.failedId)
  expect(callOutcome(failed, contract)).toEqual({
    kind: 'failed',
    result: 'INSUFFICIENT_FUNDS',
    code: 'INSUFFICIENT_FUNDS',
    message: '',
  })
})

test.each([
  ['leaves out an event', 'CLIENT_PROOF_INCOMPLETE', (events: object[]) => events.slice(1)],
  ['leaves out all', 'CLIENT_PROOF_INCOMPLETE', () => []],
  ['changes one', 'CLIENT_PROOF_INVALID', (events: object[]) => events.map((part) => ({ ...part, index: 0 }))],
])('error: a node that %s of a receipt', async (_, code, lie) => {
  const { url } = await startNode((port) => {
    port.receiptProof = async (id, parts) => {
      const proof = chain.proveReceipt(id, parts)!
      return { ...proof, events: lie(proof.events) as typeof proof.events }
    }
  })
  await expect(clientOf([url]).verifiedReceipt(chain.calledId)).rejects.toMatchObject({ code })
})

test("a contract's events are followed, of one topic if wanted", async () => {
  const client = clientOf([(await startNode()).url])
  const take = async (topic?: string): Promise<LedgerEvent[]> => {
    const taken: LedgerEvent[] = []
    const options = { after: { height: 0, index: 0 }, contract, ...(topic !== undefined && { topic }) }
    for await (const event of client.events(options)) {
      if (event.kind !== 'heights') taken.push(event)
      if (taken.length === 2) break
    }
    return taken
  }
  expect(await take('counted')).toMatchObject([
    { kind: 'receipt', id: chain.calledId, eventCount: 2, events: [{ topic: 'counted', source: contract }] },
    { kind: 'executed' },
  ])
  expect(await take()).toMatchObject([{ events: [{ topic: 'counted' }, { topic: 'returned', data: '7' }] }, {}])
})
