import {
  type AccountRecord,
  type AssetRecord,
  type ContractCode,
  type ContractRecord,
  contractAccountIdOf,
  type MemberRecord,
  type PositionRecord,
} from '@tallystick/core/protocol'
import { accountOf, bankId, code, contract, policy, published, totals, zeros } from './genesis.ts'

// What the records of the state are.

export const accountRecord: AccountRecord = {
  member: bankId,
  accountKind: 'customer',
  parent: undefined,
  policy,
  status: 'active',
  openPositions: 1,
  nextTicket: 0,
  commitment: undefined,
}
export const position = (debits: bigint, credits: bigint, entries: bigint): PositionRecord => ({
  ...totals,
  debitsPosted: debits,
  creditsPosted: credits,
  normalSide: 'credit',
  creditLine: 0n,
  frozen: 0n,
  entries,
  entriesLink: zeros,
})
export const assetRecord: AssetRecord = {
  issuer: bankId,
  code: 'EUR',
  name: 'Euro',
  assetKind: 'fungible',
  decimals: 2,
  issuanceAccount: accountOf(30),
  supplyMax: undefined,
  status: 'active',
}
export const memberRecord: MemberRecord = {
  identifier: 'BANK',
  name: 'The bank',
  roles: ['bank', 'issuer', 'validator'],
  policy,
  quota: { stepsPerBlock: 1_000_000, writtenBytesPerBlock: 1_000_000 },
  deposit: 0n,
  records: 5,
}
export const contractRecord: ContractRecord = {
  member: bankId,
  name: 'counter',
  status: 'active',
  code,
  vmVersion: 1,
  generation: 0,
  account: contractAccountIdOf(contract, 0),
  prepaidSteps: 1_000,
  nextBooking: 0,
  nextCode: undefined,
  dropping: undefined,
}
const inputSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
export const contractCode: ContractCode = {
  member: bankId,
  ...published,
  manifest: JSON.stringify({
    form: 1,
    name: 'counter',
    actions: { add: { input: inputSchema } },
    views: { total: { input: inputSchema } },
  }),
  fuel: 1_000,
}
