import { Type } from '@sinclair/typebox'
import {
  address,
  amount,
  businessDay,
  closed,
  count,
  height,
  hex,
  hex32,
  names,
  nullable,
  timeMs,
  u32,
} from './primitives.ts'

const scheme = names(['ed25519', 'p256', 'webauthn-p256'])
const policyKeys = Type.Array(closed({ scheme, publicKey: hex, weight: u32, permissions: u32 }))
const policy = closed(
  {
    threshold: u32,
    keys: policyKeys,
    limits: Type.Array(closed({ asset: hex32, periodMs: timeMs, amount })),
    recovery: nullable(closed({ threshold: u32, keys: policyKeys, delayMs: timeMs })),
  },
  'Who may act: signers whose keys carry the permission and whose weights reach the threshold.',
)

const roles = names(['validator', 'issuer', 'registrar', 'compliance', 'auditor', 'regulator', 'bank', 'publisher'])
const memberRecord = closed({
  identifier: Type.String(),
  name: Type.String(),
  roles: Type.Array(roles),
  policy,
  quota: closed({ stepsPerBlock: count, writtenBytesPerBlock: count }),
  deposit: amount,
  records: count,
})
const accountRecord = closed({
  member: hex32,
  accountKind: names(['customer', 'own', 'issuance', 'escrow', 'contract']),
  parent: nullable(hex32),
  policy,
  status: names(['active', 'frozen', 'closed']),
  openPositions: u32,
  nextTicket: count,
  commitment: nullable(hex32),
})
const assetRecord = closed({
  issuer: hex32,
  code: Type.String(),
  name: Type.String(),
  assetKind: names(['fungible', 'unique', 'lot']),
  decimals: Type.Integer({ minimum: 0, maximum: 255 }),
  issuanceAccount: hex32,
  supplyMax: nullable(amount),
  status: names(['active', 'frozen']),
})
const positionRecord = closed({
  debitsPosted: amount,
  debitsPending: amount,
  creditsPosted: amount,
  creditsPending: amount,
  normalSide: names(['credit', 'debit']),
  creditLine: amount,
  frozen: amount,
  entries: amount,
  entriesLink: hex32,
})

export const member = closed({ id: hex32, record: memberRecord })
export const account = closed({ id: hex32, address, record: accountRecord })
export const asset = closed({ id: hex32, record: assetRecord })
export const position = closed({ asset: hex32, record: positionRecord })

/** The first action that used a reference, under one business day. */
export const referenceUse = closed({
  businessDay,
  record: closed({ content: hex32, first: closed({ id: hex32, height, index: u32, action: u32 }) }),
})
