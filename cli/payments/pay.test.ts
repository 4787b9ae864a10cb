import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeProofFile, keyFromSeed } from '@tallystick/client'
import { type AccountId, addressOf, assetIdOf, type MemberId, memberIdOf } from '@tallystick/core/protocol'
import type { CreditTransfer } from '@tallystick/iso20022'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AddressBookEntry } from '../address-book/entry.ts'
import { FakeLedger } from '../testing/fake-ledger.ts'
import type { Debtor } from './debtors.ts'
import { type PayOptions, payAll } from './pay.ts'
import { type PlannedPayment, planPayment } from './plan.ts'

// The fake's proofs have no certificate to encode.
vi.mock('@tallystick/client', async (original) => ({
  ...(await original<typeof import('@tallystick/client')>()),
  encodeProofFile: () => 'proof\n',
}))

const member = memberIdOf('BANK')
const entryOf = (n: number): AddressBookEntry => {
  const id = new Uint8Array(32).fill(n) as AccountId
  return {
    account: `OTHR:${n}`,
    bic: undefined,
    name: undefined,
    address: addressOf(id, 'test'),
    id,
    member: undefined,
    keyFile: undefined,
  }
}
const debtor: Debtor = {
  entry: entryOf(1),
  signer: keyFromSeed(new Uint8Array(32).fill(9)),
  member: member as MemberId,
  memberSecret: new Uint8Array(32).fill(7),
}
const creditor = entryOf(2)
const euro = { id: assetIdOf(member, 'EUR'), code: 'EUR', decimals: 2, record: undefined as never }

function creditTransfer(ordinal: number, changes: Partial<CreditTransfer> = {}): CreditTransfer {
  return {
    ordinal,
    ordinalInPaymentInformation: ordinal,
    paymentInformationOrdinal: 1,
    line: ordinal,
    messageId: 'MSG',
    paymentInformationId: 'PMT',
    endToEndId: 'NOTPROVIDED',
    businessDate: '2026-11-20',
    debtor: { account: { other: { id: '1' } } },
    creditor: { name: 'Bob', account: { other: { id: '2' } } },
    currency: 'EUR',
    amountMinor: BigInt(ordinal),
    remittance: { unstructured: [], structured: [] },
    ...changes,
  }
}

async function plan(payments: readonly CreditTransfer[]): Promise<PlannedPayment[]> {
  const sources = {
    book: { find: (account: string) => (account === 'OTHR:1' ? debtor.entry : creditor) },
    assets: new Map([['EUR', euro]]),
    debtors: { open: async () => debtor },
  }
  return Promise.all(payments.map(async (payment) => (await planPayment(sources as never, payment)) as PlannedPayment))
}

let home: string
const homes: string[] = []
let ledger: FakeLedger
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tallystick-pay-'))
  homes.push(home)
  await mkdir(join(home, 'receipts'))
  ledger = new FakeLedger()
})
afterAll(() => Promise.all(homes.map((path) => rm(path, { recursive: true, force: true }))))

const options = (packed = false): PayOptions => ({
  connection: ledger.connection,
  home,
  packed,
  signal: new AbortController().signal,
  latencies: { finalMs: [], provenMs: [] },
  onProven: () => {},
})
const five = [1, 2, 3, 4, 5].map((n) => creditTransfer(n))
const movedOnce = (): void => expect([...ledger.moved.values()].every((times) => times === 1)).toBe(true)

describe.each([false, true])('paying, packed %s', (packed) => {
  it('settles each payment with a receipt file of its own', async () => {
    const outcomes = await payAll(options(packed), await plan(five))
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('paid'))
    const files = outcomes.map((outcome) => ('receipt' in outcome ? outcome.receipt?.file : undefined))
    expect(new Set(files).size).toBe(5)
    expect((await readdir(join(home, 'receipts'))).sort()).toEqual(files.sort())
    expect(ledger.submissions).toBe(packed ? 1 : 5)
    expect(encodeProofFile).toBeDefined()
  })

  it('pays a repeated file not twice, and gives the original receipts, without sending anything', async () => {
    const first = await payAll(options(packed), await plan(five))
    const sent = ledger.submissions
    const second = await payAll(options(packed), await plan(five))
    expect(second.map(({ kind }) => kind)).toEqual(Array(5).fill('paid-earlier'))
    expect(second.map((outcome) => 'receipt' in outcome && outcome.receipt)).toEqual(
      first.map((outcome) => 'receipt' in outcome && outcome.receipt),
    )
    expect(ledger.submissions).toBe(sent)
    movedOnce()
  })

  it('follows ALREADY_DONE to the original receipt where nodes hide earlier uses', async () => {
    const first = await payAll(options(packed), await plan(five))
    ledger.hidesReferences = true
    const second = await payAll(options(packed), await plan(five))
    expect(second.map((outcome) => [outcome.kind, 'receipt' in outcome && outcome.receipt?.id])).toEqual(
      first.map((outcome) => ['paid-earlier', 'receipt' in outcome && outcome.receipt?.id]),
    )
    movedOnce()
  })

  it('sends again what was lost, expired, or made although the answer was lost: each moves once', async () => {
    ledger.faults.push('lost', 'expired', 'answer-lost')
    const outcomes = await payAll(options(packed), await plan(five))
    expect(outcomes.map(({ kind }) => kind).every((kind) => kind === 'paid' || kind === 'paid-earlier')).toBe(true)
    expect(ledger.moved.size).toBe(5)
    movedOnce()
  })

  it('refuses what was paid under another date, and names the first receipt', async () => {
    const first = await payAll(options(packed), await plan(five))
    const later = five.map((payment) => ({ ...payment, businessDate: '2026-11-21' }))
    const second = await payAll(options(packed), await plan(later))
    expect(second).toEqual(
      first.map((outcome) => ({
        kind: 'rejected',
        code: 'PAYMENT_PAID_UNDER_OTHER_DATE',
        iso: 'AM05',
        detail: expect.stringContaining('2026-11-20'),
        receipt: 'receipt' in outcome && outcome.receipt,
      })),
    )
    movedOnce()
  })

  it('rejects a payment of the same identity with other content by the ledger, with its ISO reason', async () => {
    await payAll(options(packed), await plan(five))
    const changed = five.map((payment) => ({ ...payment, amountMinor: payment.amountMinor + 100n }))
    const outcomes = await payAll(options(packed), await plan(changed))
    expect(outcomes.map((outcome) => 'iso' in outcome && [outcome.code, outcome.iso])).toEqual(
      Array(5).fill(['REFERENCE_CONFLICT', 'DUPL']),
    )
    movedOnce()
  })

  it('states the ISO reason of what the ledger rejects, and sends again what found no room', async () => {
    ledger.results.set(2n, ['ACCOUNT_CLOSED'])
    ledger.results.set(3n, ['MEMBER_QUOTA_EXCEEDED', 'ACCOUNT_FROZEN'])
    const outcomes = await payAll(options(packed), await plan(five))
    expect(outcomes.map((outcome) => ('iso' in outcome ? outcome.iso : outcome.kind))).toEqual([
      'paid',
      'AC04',
      'AC06',
      'paid',
      'paid',
    ])
  })
})

it('leaves a payment open that the nodes refuse for good, and one that never comes through', async () => {
  ledger.faults.push('refused', ...Array<'lost'>(8).fill('lost'))
  const outcomes = await payAll(options(), await plan(five.slice(0, 2)))
  expect(outcomes).toEqual([
    { kind: 'open', code: 'TX_SIGNATURE_INVALID', detail: 'wrong key' },
    { kind: 'open', code: 'CLIENT_TRANSACTION_EXPIRED', detail: expect.any(String) },
  ])
  expect(ledger.moved.size).toBe(0)
})
