import { describe, expect, it } from 'vitest'
import {
  type AccountId,
  type Action,
  type AssetId,
  type Authorizer,
  accountIdOf,
  type HoldId,
  holdIdOf,
  holdLifeMaxMs,
  type ResultCode,
  type TransactionBody,
  transactionIdOf,
} from '../protocol/index.ts'
import { hashOf, policyOf } from './testing/keys.ts'
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
import { dayMs } from './windows.ts'

const u128Max = (1n << 128n) - 1n

/** A ledger with EUR, and Anna (bank A) who has 1,000 of it, Bert (bank B) who has none. */
class Scene extends TestLedger {
  readonly eur: AssetId
  readonly anna: AccountId
  readonly bert: AccountId

  constructor() {
    super(
      testGenesis({
        members: [
          memberOf('small', { quota: { stepsPerBlock: 100, writtenBytesPerBlock: 1_000_000 } }),
          memberOf('plain-member'),
        ],
      }),
    )
    this.eur = this.asset('EUR', u128Max)
    this.anna = this.open('anna', 'bank-a')
    this.bert = this.open('bert', 'bank-b')
    this.issue(this.eur, this.anna, 1_000n)
  }

  today(): number {
    return Math.floor(this.timeMs / dayMs)
  }

  pay(amount: bigint, terms: Partial<Extract<Action, { kind: 'transfer' }>> = {}): ResultCode {
    const action = { ...transferOf(this.anna, this.bert, this.eur, amount), ...terms } as Action
    return this.do(action, byAccountId(this.anna))
  }

  reference(name: string, businessDay = this.today()) {
    return { member: member('bank-a'), businessDay, key: hashOf(name) }
  }

  holdAction(terms: Partial<Extract<Action, { kind: 'hold' }>> = {}): Action {
    const { anna, bert, eur } = this
    const expiresMs = this.timeMs + 60_000
    const fields = { debit: anna, credit: bert, asset: eur, amount: 100n, expiresMs, controller: anna }
    return { kind: 'hold', ...fields, ...plain, ...terms }
  }

  hold(terms: Partial<Extract<Action, { kind: 'hold' }>> = {}): HoldId {
    const receipt = this.execute([[this.holdAction(terms)]], { by: [byAccountId(this.anna)] })
    expect(receipt.receipt.result).toBe('OK')
    return holdIdOf(receipt.receipt.id, 0)
  }

  frozen(account: AccountId): this {
    const action = { kind: 'set-account-status', account, status: 'frozen', reason: 7 } as const
    expect(this.do(action, byMemberNamed('regulator'))).toBe('OK')
    return this
  }

  openAction(terms: Partial<Extract<Action, { kind: 'open-account' }>> = {}): Action {
    const fields = { member: member('bank-a'), accountKind: 'customer', policy: policyOf(1, 'new'), salt: hashOf('s') }
    return { kind: 'open-account', parent: undefined, commitment: undefined, ...fields, ...terms } as Action
  }

  assetAction(terms: Partial<Extract<Action, { kind: 'create-asset' }>> = {}): Action {
    const fields = { issuer: member('central'), code: 'X', name: 'x', assetKind: 'fungible', decimals: 2 }
    return { kind: 'create-asset', ...fields, issuanceAccount: this.anna, supplyMax: undefined, ...terms } as Action
  }

  /** The receipt's result of a transfer with a changed body. */
  withBody(body: Partial<TransactionBody>): ResultCode {
    const groups = [[transferOf(this.anna, this.bert, this.eur, 1n)]]
    return this.execute(groups, { by: [byAccountId(this.anna)], body }).receipt.result
  }
}

const bank = byMemberNamed('bank-a')
const central = byMemberNamed('central')
const unknownAccount = hashOf('no account') as AccountId

/** Ways to those of contracts are in contracts/contract-results.test.ts. */
type PlainCode = Exclude<ResultCode, `CONTRACT_${string}` | `BOOKING_${string}` | 'FUNDS_EXCEEDED'>

/** One way to each result; the type makes it complete. */
const ways: Record<PlainCode, (s: Scene) => ResultCode> = {
  OK: (s) => s.pay(1n),
  PARTLY_DONE: (s) => {
    const groups = [[transferOf(s.anna, s.bert, s.eur, 1n)], [transferOf(s.anna, s.bert, s.eur, 5_000n)]]
    return s.execute(groups, { by: [byAccountId(s.anna)] }).receipt.result
  },
  ALREADY_DONE: (s) => {
    s.pay(1n, { reference: s.reference('r') })
    return s.pay(1n, { reference: s.reference('r') })
  },
  GROUP_ABORTED: (s) => {
    const group = [transferOf(s.anna, s.bert, s.eur, 1n), transferOf(s.anna, s.bert, s.eur, 5_000n)]
    return s.execute([group], { by: [byAccountId(s.anna)] }).items[0]!.item.result
  },
  ACTION_NOT_ACTIVE: (s) => s.do({ kind: 'sealed-payload', payload: new Uint8Array(3) }, byAccountId(s.anna)),
  NOT_AUTHORIZED: (s) => s.do(transferOf(s.anna, s.bert, s.eur, 1n), byAccountId(s.bert)),
  LIMITS_TOO_LOW: (s) => s.withBody({ limits: { steps: 59, writtenBytes: 1_000_000 } }),
  MEMBER_QUOTA_EXCEEDED: (s) => {
    const body = { limits: { steps: 101, writtenBytes: 10_000 } }
    return s.execute([[s.openAction({ member: member('small') })]], { by: [byMemberNamed('small')], body }).receipt
      .result
  },
  WRONG_PAYER: (s) => s.withBody({ payer: member('bank-b') }),
  TICKET_INVALID: (s) => s.withBody({ ticket: { account: s.anna, number: 0 } }),
  MEMBER_UNKNOWN: (s) => s.do(s.openAction({ member: member('nobody') }), bank),
  MEMBER_ROLE_MISSING: (s) => s.do(s.assetAction({ issuer: member('bank-a') }), bank),
  ACCOUNT_UNKNOWN: (s) => s.pay(1n, { credit: unknownAccount }),
  ACCOUNT_CLOSED: (s) => {
    expect(s.do({ kind: 'close-account', account: s.bert }, byAccountId(s.bert))).toBe('OK')
    return s.pay(1n)
  },
  ACCOUNT_FROZEN: (s) => s.frozen(s.bert).pay(1n),
  ACCOUNT_EXISTS: (s) => {
    s.do(s.openAction(), bank)
    return s.do(s.openAction(), bank)
  },
  ACCOUNT_NOT_EMPTY: (s) => s.do({ kind: 'close-account', account: s.anna }, byAccountId(s.anna)),
  ACCOUNT_PARENT_INVALID: (s) => s.do(s.openAction({ parent: s.bert }), bank),
  POLICY_NOT_SUPPORTED: (s) => {
    const policy = policyOf(1, 'new')
    const limits = [{ asset: s.eur, periodMs: 1, amount: 1n }]
    return s.do(s.openAction({ policy: { ...policy, limits } }), bank)
  },
  KEY_NOT_ACCEPTABLE: (s) => {
    const policy = policyOf(1, 'new')
    const open = (publicKey: Uint8Array): ResultCode => {
      const keys = [{ ...policy.keys[0]!, publicKey }]
      return s.do(s.openAction({ policy: { ...policy, keys } }), bank)
    }
    // Too short; and a point of small order, under which some signatures hold for every message.
    expect(open(new Uint8Array(5))).toBe('KEY_NOT_ACCEPTABLE')
    return open(new Uint8Array(32))
  },
  ASSET_UNKNOWN: (s) => s.pay(1n, { asset: hashOf('no asset') as AssetId }),
  ASSET_FROZEN: (s) => {
    expect(s.do({ kind: 'set-asset-status', asset: s.eur, status: 'frozen', reason: 1 }, central)).toBe('OK')
    return s.pay(1n)
  },
  ASSET_EXISTS: (s) => {
    const issuanceAccount = s.ledger.get<'asset'>({ kind: 'asset', asset: s.eur })!.issuanceAccount
    return s.do(s.assetAction({ code: 'EUR', issuanceAccount }), central)
  },
  ASSET_KIND_NOT_SUPPORTED: (s) => s.do(s.assetAction({ assetKind: 'unique' }), central),
  ASSET_INVALID: (s) => s.do(s.assetAction(), central),
  SUPPLY_EXCEEDED: (s) => s.do({ kind: 'issue', asset: s.eur, credit: s.anna, amount: u128Max, ...plain }, central),
  INSUFFICIENT_FUNDS: (s) => s.pay(1_001n),
  SAME_ACCOUNT: (s) => s.pay(1n, { credit: s.anna }),
  AMOUNT_OVERFLOW: (s) => {
    s.issue(s.eur, s.anna, u128Max - 1_000n)
    expect(s.pay(u128Max)).toBe('OK')
    expect(s.do(transferOf(s.bert, s.anna, s.eur, 1n), byAccountId(s.bert))).toBe('AMOUNT_OVERFLOW')
    return s.do(transferOf(s.bert, s.anna, s.eur, u128Max), byAccountId(s.bert))
  },
  ISSUANCE_ACCOUNT_USED: (s) =>
    s.pay(1n, { credit: s.ledger.get<'asset'>({ kind: 'asset', asset: s.eur })!.issuanceAccount }),
  REFERENCE_CONFLICT: (s) => {
    s.pay(1n, { reference: s.reference('r') })
    return s.pay(2n, { reference: s.reference('r') })
  },
  REFERENCE_DATE_OUT_OF_WINDOW: (s) => s.pay(1n, { reference: s.reference('r', s.today() + 8) }),
  REFERENCE_MEMBER_WRONG: (s) => s.pay(1n, { reference: { ...s.reference('r'), member: member('bank-b') } }),
  HOLD_UNKNOWN: (s) => s.do({ kind: 'void', hold: hashOf('no hold') as HoldId }, byAccountId(s.anna)),
  HOLD_EXPIRED: (s) => {
    const ids = Array.from({ length: 1_001 }, (_, i) => i)
    const groups = ids.map(() => [s.holdAction({ amount: 1n, expiresMs: s.timeMs + 10_000 })])
    s.issue(s.eur, s.anna, 10_000n)
    const { id } = s.execute(groups, { by: [byAccountId(s.anna)] }).receipt
    // One more expires than a block sweeps: it can't be posted all the same.
    const post = s.build(
      ids.map((i) => [{ kind: 'post', hold: holdIdOf(id, i), amount: 1n } as const]),
      {
        by: [byAccountId(s.anna)],
      },
    )
    const results = s
      .block([post], 15_000)
      .receipts.at(-1)!
      .items.map(({ item }) => item.result)
    expect(results.filter((result) => result === 'HOLD_UNKNOWN')).toHaveLength(1_000)
    return results.find((result) => result !== 'HOLD_UNKNOWN')!
  },
  HOLD_AMOUNT_EXCEEDED: (s) => s.do({ kind: 'post', hold: s.hold(), amount: 101n }, byAccountId(s.anna)),
  HOLD_EXPIRY_INVALID: (s) => s.do(s.holdAction({ expiresMs: s.timeMs + holdLifeMaxMs + 1_001 }), byAccountId(s.anna)),
  TICKET_EXPIRY_INVALID: (s) =>
    s.do({ kind: 'create-tickets', account: s.anna, count: 0, expiresMs: s.timeMs + 5_000 }, byAccountId(s.anna)),
}

describe('results', () => {
  for (const code of Object.keys(ways) as PlainCode[]) {
    it(`error: ${code} is what a receipt can say, and the books stay balanced`, () => {
      const scene = new Scene()
      expect(ways[code](scene)).toBe(code)
      scene.ledger.audit()
    })
  }

  const refusals: [string, ResultCode, (s: Scene) => ResultCode][] = [
    ['a ticket count above the limit', 'TICKET_EXPIRY_INVALID', (s) => s.do(tickets(s.anna, 1_001, s), by(s.anna))],
    ['a debit from a frozen account', 'ACCOUNT_FROZEN', (s) => s.frozen(s.anna).pay(1n)],
    ['a new policy of a frozen account', 'ACCOUNT_FROZEN', (s) => s.frozen(s.anna).do(rotate(s.anna), by(s.anna))],
    ['an issue to an issuance account', 'ISSUANCE_ACCOUNT_USED', (s) => s.do(issueBack(s), central)],
    [
      'a hold controlled by nobody',
      'ACCOUNT_UNKNOWN',
      (s) => s.do(s.holdAction({ controller: unknownAccount }), by(s.anna)),
    ],
    [
      'a hold that is over at once',
      'HOLD_EXPIRY_INVALID',
      (s) => s.do(s.holdAction({ expiresMs: s.timeMs + 1_000 }), by(s.anna)),
    ],
    ['an asset of too many decimals', 'ASSET_INVALID', (s) => s.do(s.assetAction({ decimals: 19 }), central)],
    [
      'unknown permission bits',
      'POLICY_NOT_SUPPORTED',
      (s) => s.do(s.openAction({ policy: policyOf(1, { name: 'n', permissions: 64 }) }), bank),
    ],
    ['a redemption without the issuer', 'NOT_AUTHORIZED', (s) => s.do(redeem(s), by(s.anna))],
    ['a redemption without the holder', 'NOT_AUTHORIZED', (s) => s.do(redeem(s), central)],
    [
      'an issue by another issuer',
      'NOT_AUTHORIZED',
      (s) => s.do({ ...redeem(s), kind: 'issue', credit: s.anna } as Action, bank),
    ],
    ['an account status by another bank', 'NOT_AUTHORIZED', (s) => s.do(status(s.anna), byMemberNamed('bank-b'))],
    [
      'a closed status while money is there',
      'ACCOUNT_NOT_EMPTY',
      (s) => s.do({ ...status(s.anna), status: 'closed' } as Action, bank),
    ],
    ['a tick by a member', 'NOT_AUTHORIZED', (s) => s.do({ kind: 'tick' }, bank)],
    [
      'a reference day too old',
      'REFERENCE_DATE_OUT_OF_WINDOW',
      (s) => s.pay(1n, { reference: s.reference('r', s.today() - 401) }),
    ],
  ]
  for (const [what, code, run] of refusals) {
    it(`error: ${what} is refused as ${code}`, () => {
      expect(run(new Scene())).toBe(code)
    })
  }

  it('behavior: a transaction refused as a whole says so for every action, and writes no entries', () => {
    const scene = new Scene()
    const groups = [
      [transferOf(scene.anna, scene.bert, scene.eur, 1n)],
      [transferOf(scene.anna, scene.bert, scene.eur, 1n)],
    ]
    const receipt = scene.execute(groups, {
      by: [byAccountId(scene.anna)],
      body: { limits: { steps: 0, writtenBytes: 0 } },
    })
    expect(receipt.items.map(({ item }) => item.result)).toEqual(['LIMITS_TOO_LOW', 'LIMITS_TOO_LOW'])
    expect(receipt.entries).toEqual([])
    expect(scene.balance(scene.anna, scene.eur)).toBe(1_000n)
  })

  it('behavior: the account id of open-account is what the client computes before', () => {
    const scene = new Scene()
    scene.do(scene.openAction(), bank)
    const account = accountIdOf(member('bank-a'), policyOf(1, 'new'), hashOf('s'))
    expect(scene.ledger.get<'account'>({ kind: 'account', account })?.status).toBe('active')
  })

  it('behavior: ids are those of the bodies', () => {
    const scene = new Scene()
    const ordered = scene.build([[transferOf(scene.anna, scene.bert, scene.eur, 1n)]], {
      by: [byAccountId(scene.anna)],
    })
    expect(scene.block([ordered]).receipts[0]!.receipt.id).toEqual(transactionIdOf(ordered.transaction.body))
  })
})

function by(account: AccountId): Authorizer {
  return byAccountId(account)
}

function tickets(account: AccountId, count: number, s: Scene): Action {
  return { kind: 'create-tickets', account, count, expiresMs: s.timeMs + 60_000 }
}

function rotate(account: AccountId): Action {
  return { kind: 'set-account-policy', account, policy: policyOf(1, 'other') }
}

function issueBack(s: Scene): Action {
  const { issuanceAccount } = s.ledger.get<'asset'>({ kind: 'asset', asset: s.eur })!
  return { kind: 'issue', asset: s.eur, credit: issuanceAccount, amount: 1n, ...plain }
}

function redeem(s: Scene): Action {
  return { kind: 'redeem', asset: s.eur, debit: s.anna, amount: 1n, ...plain }
}

function status(account: AccountId): Action {
  return { kind: 'set-account-status', account, status: 'frozen', reason: 1 }
}
