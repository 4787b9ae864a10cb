import { t } from '@tallystick/contract-kit'
import type { JsonValue } from '@tallystick/core/protocol'
import { describe, expect, it } from 'vitest'
import { CliError } from '../errors.ts'
import { convertInput, type Names } from './convert-input.ts'

const ids = {
  account: { DE02120300000000202051: 'a1'.repeat(32), tallytest1xyz: 'a2'.repeat(32) },
  asset: { EUR: 'e1'.repeat(32), JPY: 'e2'.repeat(32) },
  member: { 'alpine-bank': 'b1'.repeat(32) },
  contract: { escrow: 'c1'.repeat(32) },
} as const
const decimals: Readonly<Record<string, number>> = { EUR: 2, JPY: 0 }
const codes = {
  account: 'ACCOUNT_UNKNOWN',
  asset: 'ASSET_UNKNOWN',
  member: 'MEMBER_UNKNOWN',
  contract: 'CONTRACT_UNKNOWN',
} as const
async function idOf(kind: keyof typeof ids, text: string): Promise<string> {
  const id = (ids[kind] as Readonly<Record<string, string>>)[text]
  if (id === undefined) throw new CliError(codes[kind], `"${text}" is not known`)
  return id
}
const names: Names = {
  account: (text) => idOf('account', text),
  member: (text) => idOf('member', text),
  contract: (text) => idOf('contract', text),
  asset: async (text) => ({ id: await idOf('asset', text), decimals: decimals[text]! }),
}

const schema = t.object({
  seller: t.account(),
  price: t.object({ asset: t.asset(), amount: t.amount() }),
  others: t.optional(t.array(t.union([t.account(), t.object({ bank: t.member() })]))),
  limits: t.optional(t.record(t.amount())),
  via: t.optional(t.contract()),
  note: t.optional(t.string({ maxLength: 40 })),
}) as unknown as JsonValue
const convert = (input: object) => convertInput(schema, input as JsonValue, names)
const price = { asset: 'EUR', amount: '12.50 EUR' }
const seller = 'DE02120300000000202051'

describe('what people write', () => {
  it('becomes what the contract takes, at every depth', async () => {
    const input = {
      seller,
      price,
      others: ['tallytest1xyz', { bank: 'alpine-bank' }],
      limits: { day: '1000 JPY', year: '0 EUR' },
      via: 'escrow',
      note: '12.50 EUR',
    }
    expect(await convert(input)).toEqual({
      seller: 'a1'.repeat(32),
      price: { asset: 'e1'.repeat(32), amount: '1250' },
      others: ['a2'.repeat(32), { bank: 'b1'.repeat(32) }],
      limits: { day: '1000', year: '0' },
      via: 'c1'.repeat(32),
      note: '12.50 EUR',
    })
  })

  it('may be what the contract takes already', async () => {
    const input = { seller: 'ab'.repeat(32), price: { asset: 'cd'.repeat(32), amount: '1250' } }
    expect(await convert(input)).toEqual(input)
  })

  it.each([
    ['ACCOUNT_UNKNOWN', 'input.seller: "nobody"', { seller: 'nobody', price }],
    ['ASSET_UNKNOWN', 'input.price.amount: "XTS"', { seller, price: { asset: 'EUR', amount: '1 XTS' } }],
    ['VALUE_INVALID', 'input.price.amount: "1.005"', { seller, price: { asset: 'EUR', amount: '1.005 EUR' } }],
    ['MEMBER_UNKNOWN', 'input.others[0].bank: "no-bank"', { seller, price, others: [{ bank: 'no-bank' }] }],
    ['ACCOUNT_UNKNOWN', 'input.others[0]: "nobody"', { seller, price, others: ['nobody'] }],
    ['CONTRACT_UNKNOWN', 'input.via: "none"', { seller, price, via: 'none' }],
    [
      'CONTRACT_INPUT_INVALID',
      'input.price.amount: in EUR, but beside it stands asset JPY',
      { seller, price: { asset: 'JPY', amount: '1 EUR' } },
    ],
    [
      'CONTRACT_INPUT_INVALID',
      'input.price.amount: not of the form',
      { seller, price: { asset: 'EUR', amount: '1.5' } },
    ],
    ['CONTRACT_INPUT_INVALID', 'input.price: missing', { seller }],
    ['CONTRACT_INPUT_INVALID', 'input.prize: not known', { seller, price, prize: 1 }],
    ['CONTRACT_INPUT_INVALID', 'input: not an object', [] as object],
    ['CONTRACT_INPUT_INVALID', 'input.price.amount: not a text', { seller, price: { asset: 'EUR', amount: 1250 } }],
  ])('%s: %s', async (code, message, input) => {
    await expect(convert(input)).rejects.toMatchObject({ code, message: expect.stringContaining(message) })
  })

  it('loses no property, whatever its name', async () => {
    const odd = JSON.parse(`{"seller":"${seller}","price":{"asset":"EUR","amount":"1"},"__proto__":{"x":1}}`)
    await expect(convert(odd)).rejects.toThrow('input.__proto__: not known')
  })
})
