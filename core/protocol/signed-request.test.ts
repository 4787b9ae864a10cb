import { expect, test } from 'vitest'
import { toHex } from '../codec/index.ts'
import type { LedgerId, MemberId } from './ids.ts'
import { policyKeysMax } from './policy.ts'
import { readRequestCredentials, requestCredentialsText, signedRequestMessage } from './signed-request.ts'

const bytes = (value: number, length = 32) => new Uint8Array(length).fill(value)
const member = bytes(7) as MemberId
const signature = { scheme: 'webauthn-p256', publicKey: bytes(1, 33), signature: bytes(2, 64) } as const
const credentials = {
  member,
  timeMs: 1_800_000_000_000,
  signatures: [signature, { ...signature, scheme: 'p256' }],
} as const

test('the header says who signed, and is read as it was written', () => {
  const text = requestCredentialsText(credentials)
  const shown = `${'01'.repeat(33)}.${'02'.repeat(64)}`
  expect(text).toBe(
    `Tallystick member=${'07'.repeat(32)},time=1800000000000,signatures=webauthn-p256.${shown}+p256.${shown}`,
  )
  expect(readRequestCredentials(text)).toEqual(credentials)
})

test('what is signed depends on all of the request', () => {
  const request = { ledger: bytes(3) as LedgerId, timeMs: 5, method: 'GET', target: '/v1/contracts?limit=1' }
  const messages = [
    request,
    { ...request, ledger: bytes(4) as LedgerId },
    { ...request, timeMs: 6 },
    { ...request, method: 'PUT' },
    { ...request, target: '/v1/contracts?limit=2' },
  ].map((each) => toHex(signedRequestMessage(each)))
  expect(new Set(messages).size).toBe(5)
  expect(messages[0]).toMatchInlineSnapshot(`"dffbe94eca5bbf299ec2a178dee0554873e22d448ffb69395da5ed7d7734563b"`)
})

const whole = requestCredentialsText(credentials)
test.each([
  ['nothing', ''],
  ['another kind', whole.replace('Tallystick', 'Bearer')],
  ['no signature', whole.replace(/signatures=.*/, 'signatures=')],
  ['an unknown scheme', whole.replace('webauthn-p256', 'rsa')],
  ['half a byte', whole.slice(0, -1)],
  ['a time with a zero before it', whole.replace('time=', 'time=0')],
  [
    'more than a policy has keys',
    requestCredentialsText({
      ...credentials,
      signatures: Array(policyKeysMax + 1).fill({ ...signature, publicKey: bytes(1, 1), signature: bytes(1, 1) }),
    }),
  ],
])('error: %s is not read', (_, text) => {
  expect(readRequestCredentials(text)).toBeUndefined()
})
