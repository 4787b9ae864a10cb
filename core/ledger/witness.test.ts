import { describe, expect, it } from 'vitest'
import { type AccountId, type Action, type AssetId, accountIdOf, assetIdOf, permission } from '../protocol/index.ts'
import type { OrderedTransaction, SkipReason } from './block-result.ts'
import { hashOf, keyOf, policyOf, witnessOf } from './testing/keys.ts'
import {
  byAccountId,
  byMemberNamed,
  member,
  memberOf,
  plain,
  TestLedger,
  testGenesis,
  transferOf,
} from './testing/test-ledger.ts'

const { spend, administer, issue, register } = permission

/** An account of bank A under any policy, with 100 EUR. */
function sceneWith(policy = policyOf(1, 'k1')): { test: TestLedger; eur: AssetId; shared: AccountId; bert: AccountId } {
  const test = new TestLedger()
  const eur = test.asset('EUR')
  const bert = test.open('bert', 'bank-b')
  const salt = hashOf('shared')
  const action = { kind: 'open-account', member: member('bank-a'), accountKind: 'customer', policy, salt } as const
  expect(test.do({ ...action, parent: undefined, commitment: undefined }, byMemberNamed('bank-a'))).toBe('OK')
  const shared = accountIdOf(member('bank-a'), policy, salt)
  test.issue(eur, shared, 100n)
  return { test, eur, shared, bert }
}

function skippedAs(test: TestLedger, ordered: OrderedTransaction): SkipReason | undefined {
  const root = test.ledger.stateRoot
  const expected = test.ledger.skipReason(ordered, test.timeMs + 1_000)
  const { skipped, stateChanged } = test.block([ordered])
  expect(skipped[0]?.reason).toBe(expected)
  if (skipped.length > 0) {
    expect(stateChanged).toBe(false)
    expect(test.ledger.stateRoot).toEqual(root)
  }
  return expected
}

describe('witness', () => {
  const twoOfThree = policyOf(2, 'k1', 'k2', 'k3')

  it('default: enough weight of one permission authorizes', () => {
    const { test, eur, shared, bert } = sceneWith(twoOfThree)
    const terms = { by: [byAccountId(shared)], signers: ['k1', 'k3'] }
    expect(test.execute([[transferOf(shared, bert, eur, 1n)]], terms).receipt.result).toBe('OK')
  })

  it('behavior: a copy with a stripped signature is skipped, and the full one still counts', () => {
    const { test, eur, shared, bert } = sceneWith(twoOfThree)
    const full = test.build([[transferOf(shared, bert, eur, 1n)]], { by: [byAccountId(shared)], signers: ['k1', 'k2'] })
    const stripped = { id: full.id, transaction: { ...full.transaction, witness: witnessOf(['k1']) } }
    const { receipts, skipped } = test.block([stripped, full, full])
    expect(skipped.map(({ reason }) => reason)).toEqual(['SIGNATURES_INSUFFICIENT', 'DUPLICATE'])
    expect(receipts).toHaveLength(1)
    expect(test.balance(bert, eur)).toBe(1n)
  })

  it('behavior: a copy whose signers reach only another permission is skipped, though some threshold is reached', () => {
    const policy = policyOf(
      2,
      { name: 'k1', permissions: spend },
      { name: 'k2', permissions: spend },
      { name: 'boss', weight: 2, permissions: administer },
    )
    const { test, eur, shared, bert } = sceneWith(policy)
    const pay = (signers: string[]) =>
      test.build([[transferOf(shared, bert, eur, 1n)]], { by: [byAccountId(shared)], signers })
    expect(skippedAs(test, pay(['boss']))).toBe('SIGNATURES_INSUFFICIENT')
    expect(skippedAs(test, pay(['boss', 'k1', 'k2']))).toBe('SIGNATURE_SURPLUS')
    expect(skippedAs(test, pay(['k1', 'k2']))).toBeUndefined()
  })

  it('error: a signature that nobody needs makes the copy surplus', () => {
    const { test, eur, shared, bert } = sceneWith(twoOfThree)
    for (const signers of [
      ['k1', 'k2', 'k3'],
      ['k1', 'k2', 'stranger'],
    ]) {
      const copy = test.build([[transferOf(shared, bert, eur, 1n)]], { by: [byAccountId(shared)], signers })
      expect(skippedAs(test, copy)).toBe('SIGNATURE_SURPLUS')
    }
  })

  it('behavior: each permission that the actions ask for must be reached', () => {
    const policy = policyOf(1, { name: 'payer', permissions: spend }, { name: 'boss', permissions: administer })
    const { test, eur, shared, bert } = sceneWith(policy)
    const tickets = { kind: 'create-tickets', account: shared, count: 1, expiresMs: test.timeMs + 60_000 } as const
    const groups: Action[][] = [[transferOf(shared, bert, eur, 1n)], [tickets]]
    const by = [byAccountId(shared)]
    expect(skippedAs(test, test.build(groups, { by, signers: ['payer'] }))).toBe('SIGNATURES_INSUFFICIENT')
    expect(test.execute(groups, { by, signers: ['payer', 'boss'] }).receipt.result).toBe('OK')
  })

  it('behavior: an authorizer that no action asks for needs any one permission, and no more', () => {
    const { test, eur, shared, bert } = sceneWith(policyOf(1, 'k1'))
    const by = [byAccountId(shared), byMemberNamed('bank-b')]
    const groups = [[transferOf(shared, bert, eur, 1n)]]
    expect(skippedAs(test, test.build(groups, { by, signers: ['k1'] }))).toBe('SIGNATURES_INSUFFICIENT')
    const body = { payer: member('bank-b') }
    expect(test.execute(groups, { by, signers: ['k1', 'bank-b'], body }).receipt.result).toBe('OK')
  })

  it('behavior: an asset created by the same transaction is asked of the same issuer', () => {
    const split = policyOf(1, { name: 'reg', permissions: register }, { name: 'iss', permissions: issue })
    const test = new TestLedger(testGenesis({ members: [memberOf('issuer-2', { roles: ['issuer'], policy: split })] }))
    const customer = test.open('customer', 'bank-a')
    const open = { accountKind: 'issuance', policy: policyOf(1, 'x'), salt: hashOf('i') } as const
    const issuer = member('issuer-2')
    const opened = { kind: 'open-account', member: issuer, ...open, parent: undefined, commitment: undefined } as const
    const by = [byMemberNamed('issuer-2')]
    expect(test.execute([[opened]], { by, signers: ['reg'] }).receipt.result).toBe('OK')
    const terms = { code: 'P', name: 'p', assetKind: 'fungible', decimals: 0, supplyMax: undefined } as const
    const issuanceAccount = accountIdOf(issuer, open.policy, open.salt)
    const group: Action[] = [
      { kind: 'create-asset', issuer, ...terms, issuanceAccount },
      { kind: 'issue', asset: assetIdOf(issuer, 'P'), credit: customer, amount: 5n, ...plain },
    ]
    expect(skippedAs(test, test.build([group], { by, signers: ['reg'] }))).toBe('SIGNATURES_INSUFFICIENT')
    expect(test.execute([group], { by, signers: ['reg', 'iss'] }).receipt.result).toBe('OK')
  })

  it('behavior: supervisors act by their role and permission', () => {
    const { test, shared } = sceneWith()
    const freeze = { kind: 'set-account-status', account: shared, status: 'frozen', reason: 1 } as const
    expect(test.do(freeze, byMemberNamed('bank-a'))).toBe('OK')
    expect(test.do({ ...freeze, status: 'active' }, byMemberNamed('regulator'))).toBe('OK')
  })

  it('behavior: what the signers may do is judged before the transaction changes policies', () => {
    const { test, eur, shared, bert } = sceneWith(policyOf(1, 'k1'))
    const rotate = { kind: 'set-account-policy', account: shared, policy: policyOf(1, 'new') } as const
    const groups: Action[][] = [[rotate], [transferOf(shared, bert, eur, 1n)]]
    expect(test.execute(groups, { by: [byAccountId(shared)], signers: ['k1'] }).receipt.result).toBe('OK')
    const old = test.build([[transferOf(shared, bert, eur, 1n)]], { by: [byAccountId(shared)], signers: ['k1'] })
    expect(skippedAs(test, old)).toBe('SIGNATURES_INSUFFICIENT')
  })
})

describe('admission', () => {
  it('error: no authorizer, an unknown one, another ledger', () => {
    const { test, eur, shared, bert } = sceneWith()
    const groups = [[transferOf(shared, bert, eur, 1n)]]
    const by = [byAccountId(shared)]
    expect(skippedAs(test, test.build(groups, { by: [], signers: [] }))).toBe('AUTHORIZER_MISSING')
    const nobody = byAccountId(hashOf('nobody') as AccountId)
    expect(skippedAs(test, test.build(groups, { by: [nobody] }))).toBe('AUTHORIZER_UNKNOWN')
    const ledger = hashOf('other') as typeof test.header.ledger
    expect(skippedAs(test, test.build(groups, { by, signers: ['k1'], body: { ledger } }))).toBe('WRONG_LEDGER')
  })

  it('behavior: valid in (block time, block time + 10 min], at both ends', () => {
    const { test, eur, shared, bert } = sceneWith()
    const at = (offset: number) =>
      test.build([[transferOf(shared, bert, eur, 1n)]], {
        by: [byAccountId(shared)],
        signers: ['k1'],
        body: { validUntilMs: test.timeMs + 1_000 + offset },
      })
    expect(skippedAs(test, at(0))).toBe('EXPIRED')
    expect(skippedAs(test, at(1))).toBeUndefined()
    expect(skippedAs(test, at(600_000))).toBeUndefined()
    expect(skippedAs(test, at(600_001))).toBe('VALID_TOO_LONG')
  })

  it('behavior: the node key of a validator authorizes a tick alone', () => {
    const { test, eur, shared, bert } = sceneWith()
    const validator = { kind: 'validator', nodeKey: keyOf('node').publicKey } as const
    const tick = { kind: 'tick' } as const
    expect(test.execute([[tick]], { by: [validator] }).receipt.result).toBe('OK')
    const misuses: [Action[][], Parameters<TestLedger['build']>[1], SkipReason][] = [
      [[[tick, tick]], { by: [validator] }, 'VALIDATOR_MISUSED'],
      [[[transferOf(shared, bert, eur, 1n)]], { by: [validator] }, 'VALIDATOR_MISUSED'],
      [[[tick]], { by: [validator, byAccountId(shared)] }, 'VALIDATOR_MISUSED'],
      [[[tick]], { by: [{ kind: 'validator', nodeKey: hashOf('n') }] }, 'AUTHORIZER_UNKNOWN'],
      [[[tick]], { by: [validator], signers: ['node', 'k1'] }, 'SIGNATURE_SURPLUS'],
      [[[tick]], { by: [validator], signers: ['k1'] }, 'SIGNATURES_INSUFFICIENT'],
    ]
    for (const [groups, terms, reason] of misuses) expect(skippedAs(test, test.build(groups, terms))).toBe(reason)
  })

  it('behavior: limits are charged as declared, to the payer, per block', () => {
    const quota = { stepsPerBlock: 150, writtenBytesPerBlock: 1_000_000 }
    const test = new TestLedger(testGenesis({ members: [memberOf('small', { quota })] }))
    const open = (n: number, steps: number) => {
      const fields = {
        member: member('small'),
        accountKind: 'customer',
        policy: policyOf(1, 'x'),
        salt: hashOf(`${n}`),
      } as const
      const action = { kind: 'open-account', ...fields, parent: undefined, commitment: undefined } as const
      return test.build([[action]], { by: [byMemberNamed('small')], body: { limits: { steps, writtenBytes: 10_000 } } })
    }
    const { receipts } = test.block([open(1, 80), open(2, 80), open(3, 70)])
    expect(receipts.map(({ receipt }) => receipt.result)).toEqual(['OK', 'MEMBER_QUOTA_EXCEEDED', 'OK'])
    expect(receipts.map(({ receipt }) => receipt.charged.steps)).toEqual([80, 0, 70])
    expect(test.block([open(4, 80)]).receipts[0]!.receipt.result).toBe('OK')
  })

  it('behavior: a wrong payer costs the signer, not the member that was named', () => {
    const quota = { stepsPerBlock: 100, writtenBytesPerBlock: 1_000_000 }
    const test = new TestLedger(testGenesis({ members: [memberOf('small', { quota })] }))
    const body = { payer: member('small'), limits: { steps: 100, writtenBytes: 100_000 } }
    const freeze = { kind: 'set-asset-status', asset: hashOf('a') as AssetId, status: 'frozen', reason: 0 } as const
    const attack = test.build([[freeze]], { by: [byMemberNamed('bank-a')], body })
    const own = test.build([[freeze]], { by: [byMemberNamed('small')], body: { limits: body.limits } })
    const results = test.block([attack, own]).receipts.map(({ receipt }) => receipt.result)
    expect(results).toEqual(['WRONG_PAYER', 'ASSET_UNKNOWN'])
  })
})

describe('tickets', () => {
  it('behavior: a ticket lets validUntil reach to its expiry, and is used up by success and failure alike', () => {
    const { test, eur, shared, bert } = sceneWith()
    const signing = { by: [byAccountId(shared)], signers: ['k1'] }
    const expiresMs = test.timeMs + 86_400_000
    const create = { kind: 'create-tickets', account: shared, count: 2, expiresMs } as const
    expect(test.execute([[create]], signing).receipt.result).toBe('OK')
    const use = (number: number, amount: bigint, validUntilMs = expiresMs) =>
      test.build([[transferOf(shared, bert, eur, amount)]], {
        ...signing,
        body: { ticket: { account: shared, number }, validUntilMs },
      })
    expect(skippedAs(test, use(0, 1n, expiresMs + 1))).toBe('VALID_TOO_LONG')
    const good = use(0, 1n)
    const failing = use(1, 1_000n)
    expect(test.block([good, failing, good]).skipped).toEqual([{ id: good.id, reason: 'DUPLICATE' }])
    expect(test.balance(bert, eur)).toBe(1n)
    expect(skippedAs(test, use(0, 1n))).toBe('VALID_TOO_LONG')
    const short = test.execute([[transferOf(shared, bert, eur, 1n)]], {
      ...signing,
      body: { ticket: { account: shared, number: 1 } },
    })
    expect(short.receipt.result).toBe('TICKET_INVALID')
    test.ledger.audit()
  })

  it("behavior: another account's ticket is not taken, and stays", () => {
    const { test, eur, shared, bert } = sceneWith()
    const create = { kind: 'create-tickets', account: bert, count: 1, expiresMs: test.timeMs + 86_400_000 } as const
    expect(test.do(create, byAccountId(bert))).toBe('OK')
    const body = { ticket: { account: bert, number: 0 } }
    const groups = [[transferOf(shared, bert, eur, 1n)]]
    const { receipt } = test.execute(groups, { by: [byAccountId(shared)], signers: ['k1'], body })
    expect(receipt.result).toBe('TICKET_INVALID')
    expect(test.ledger.get<'ticket'>({ kind: 'ticket', account: bert, number: 0 })).toBeDefined()
  })

  it('behavior: unused tickets go after their expiry, in blocks that execute something', () => {
    const { test, shared } = sceneWith()
    const create = { kind: 'create-tickets', account: shared, count: 3, expiresMs: test.timeMs + 60_000 } as const
    test.execute([[create]], { by: [byAccountId(shared)], signers: ['k1'] })
    const records = () => test.ledger.get<'member'>({ kind: 'member', member: member('bank-a') })!.records
    const before = records()
    expect(test.block([], 120_000).stateChanged).toBe(false)
    expect(records()).toBe(before)
    test.open('carl', 'bank-a')
    expect(records()).toBe(before - 3 + 1)
    test.ledger.audit()
  })
})
