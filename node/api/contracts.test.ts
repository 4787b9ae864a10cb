import { toHex } from '@tallystick/core/codec'
import { ed25519PublicKey, signEd25519 } from '@tallystick/core/crypto'
import {
  ledgerOf,
  type Policy,
  permission,
  permissionsAll,
  requestCredentialsText,
  signedRequestMessage,
} from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import * as chain from '../../client/testing/tiny-chain.ts'
import { satisfies } from './signed-request.ts'
import { ask, postJson, runningApi } from './testing/running.ts'

const contract = toHex(chain.contract)
const view = `/v1/contracts/${contract}/views/total`

test('a view answers with what it returned, and at which height', async () => {
  const { url } = await runningApi()
  expect((await ask(url + view, postJson({ name: 'a' }))).body).toEqual({ height: 1, output: 7 })
  expect((await ask(url + view, postJson({ name: 'b' }))).body).toEqual({ height: 1, output: null })
})

test('a view that fails says why: the field of the input, or the code of the contract', async () => {
  const { url, port } = await runningApi()
  expect((await ask(url + view, postJson({}))).body).toMatchObject({
    code: 'API_VIEW_INPUT_INVALID',
    errors: [{ pointer: '/body/name', detail: 'missing' }],
  })
  expect((await ask(url + view, postJson({ name: 'closed' }))).body).toMatchObject({
    code: 'API_VIEW_FAILED',
    detail: 'NOT_TODAY: It is closed.',
    failure: { code: 'NOT_TODAY', message: 'It is closed.' },
  })
  const told = { code: 'CONTRACT_INPUT_INVALID', message: 'input.lines[2].amount: not of the form "amount"' }
  port.contractView = async () => ({
    height: 1,
    end: { kind: 'failed', result: 'CONTRACT_INPUT_INVALID', told },
  })
  expect((await ask(url + view, postJson({}))).body).toMatchObject({
    errors: [{ pointer: '/body/lines/2/amount', detail: 'not of the form "amount"' }],
  })
})

const ledger = ledgerOf(chain.genesisValue)
function authorization(target: string, ...seeds: Uint8Array[]): RequestInit {
  const timeMs = Date.now()
  const message = signedRequestMessage({ ledger, timeMs, method: 'GET', target: target.slice(0, 4_096) })
  const signatures = seeds.map((seed) => {
    return { scheme: 'ed25519', publicKey: ed25519PublicKey(seed), signature: signEd25519(message, seed) } as const
  })
  return { headers: { authorization: requestCredentialsText({ member: chain.bank, timeMs, signatures }) } }
}

test("a contract's author reads its logs, from any number on; a stranger is told how to sign", async () => {
  const { url } = await runningApi()
  const read = (path: string) => ask(url + path, authorization(path, chain.bankSigningSeed))
  expect((await read(`/v1/contracts/${contract}/logs`)).body).toMatchObject({
    items: [
      { number: 1, code: null, name: 'add', lines: ['line 1'], stack: null },
      { number: 2, code: toHex(chain.code), stack: 'at add (contract:1:1)' },
    ],
  })
  expect((await read(`/v1/contracts/${contract}/logs?after=1&limit=5`)).body).toMatchObject({ items: [{ number: 2 }] })
  const long = await read(`/v1/contracts/${contract}/logs?${'&'.repeat(4_096)}limit=5`)
  expect([long.status, long.body]).toEqual([401, expect.objectContaining({ code: 'API_SIGNATURE_INVALID' })])
  const stranger = await ask(`${url}/v1/contracts/${contract}/logs`)
  expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([401, 'Tallystick'])
  expect(stranger.text).not.toContain('line 1')
})

test("an account's policy needs its weight of keys with the permission", () => {
  const keyOf = (n: number) => ({ scheme: 'ed25519', publicKey: new Uint8Array(32).fill(n) }) as const
  const policy: Policy = {
    threshold: 3,
    keys: [
      { ...keyOf(1), weight: 2, permissions: permissionsAll },
      { ...keyOf(2), weight: 1, permissions: permission.register },
      { ...keyOf(3), weight: 9, permissions: permission.spend },
    ],
    limits: [],
    recovery: undefined,
  }
  const may = (...signers: number[]) => satisfies(policy, signers.map(keyOf), permission.register)
  expect([may(1, 2), may(2, 1, 3)]).toEqual([true, true])
  expect([may(), may(1), may(1, 1), may(2, 2, 2), may(1, 3), may(3)]).toEqual(Array(6).fill(false))
  expect(satisfies({ ...policy, threshold: 1, keys: [] }, [keyOf(1)], permission.register)).toBe(false)
})
