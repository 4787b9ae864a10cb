import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../codec/index.ts'
import { type AccountId, type Action, type HoldId, holdIdOf, isDone, type Reference } from '../protocol/index.ts'
import type { OrderedTransaction } from './block-result.ts'
import { Ledger } from './ledger.ts'
import { hashOf } from './testing/keys.ts'
import { rootOf } from './testing/root-of.ts'
import { liveImages, TestStore } from './testing/store.ts'
import {
  byAccountId,
  byMemberNamed,
  member,
  plain,
  TestLedger,
  transferOf,
  type WholeResult,
} from './testing/test-ledger.ts'
import { dayMs } from './windows.ts'

/** What a random action says, in small numbers that collide often. */
const parties = { from: fc.nat(3), to: fc.nat(3) }
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      ...parties,
      amount: fc.constantFrom(1, 20, 60),
      reference: fc.option(fc.nat(6), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      ...parties,
      amount: fc.integer({ min: 1, max: 60 }),
      life: fc.integer({ min: 2, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      hold: fc.nat(2),
      amount: fc.integer({ min: 1, max: 30 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), hold: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('issue' as const),
      to: fc.nat(3),
      amount: fc.integer({ min: 1, max: 100 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('freeze' as const),
      account: fc.nat(3),
      frozen: fc.constantFrom(true, false, false),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
const transaction = fc.record({
  netted: fc.boolean(),
  groups: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
})
const blocks = fc.array(
  fc.record({ laterMs: fc.integer({ min: 0, max: 3_000 }), transactions: fc.array(transaction, { maxLength: 3 }) }),
  { maxLength: 12 },
)

interface ModelHold {
  readonly from: number
  readonly to: number
  readonly amount: number
  readonly expiresMs: number
}

/** What each account begins with: enough for some payments, not for all. */
const endowment = 100

/** The rules again, in the most obvious way: numbers in maps, copied before each group. */
class Model {
  balances = [endowment, endowment, endowment, endowment]
  frozen = [false, false, false, false]
  references = new Map<number, string>()
  holds = new Map<string, ModelHold>()
  circulating = 4 * endowment

  available(account: number): number {
    let held = 0
    for (const hold of this.holds.values()) if (hold.from === account) held += hold.amount
    return this.balances[account]! - held
  }

  sweep(timeMs: number): void {
    for (const [id, hold] of this.holds) if (hold.expiresMs <= timeMs) this.holds.delete(id)
  }

  /** Whether the group was done. */
  group(
    steps: readonly { step: Step; holdId: string; target: string | undefined }[],
    netted: boolean,
    timeMs: number,
    startMs: number,
  ): boolean {
    const copy = structuredClone({
      balances: this.balances,
      frozen: this.frozen,
      references: this.references,
      holds: this.holds,
      circulating: this.circulating,
    })
    const floorsHold = (before: readonly number[]): boolean =>
      this.balances.every((_, a) => this.available(a) >= 0 || this.available(a) >= before[a]!)
    const start = this.balances.map((_, a) => this.available(a))
    for (const { step, holdId, target } of steps) {
      const before = this.balances.map((_, a) => this.available(a))
      const ok = this.#apply(step, holdId, target, timeMs, startMs) && (netted || floorsHold(before))
      if (!ok) {
        Object.assign(this, copy)
        return false
      }
    }
    if (netted && !floorsHold(start)) {
      Object.assign(this, copy)
      return false
    }
    return true
  }

  #movable(from: number, to: number): boolean {
    return from !== to && !this.frozen[from] && !this.frozen[to]
  }

  #apply(step: Step, holdId: string, target: string | undefined, timeMs: number, startMs: number): boolean {
    if (step.do === 'pay') {
      const content = `${step.from} ${step.to} ${step.amount}`
      const known = step.reference === undefined ? undefined : this.references.get(step.reference)
      if (known !== undefined) return known === content
      if (!this.#movable(step.from, step.to)) return false
      this.balances[step.from]! -= step.amount
      this.balances[step.to]! += step.amount
      if (step.reference !== undefined) this.references.set(step.reference, content)
      return true
    }
    if (step.do === 'issue') {
      if (this.frozen[step.to]) return false
      this.balances[step.to]! += step.amount
      this.circulating += step.amount
      return true
    }
    if (step.do === 'freeze') {
      this.frozen[step.account] = step.frozen
      return true
    }
    if (step.do === 'hold') {
      const expiresMs = startMs + step.life * 1_000
      if (expiresMs <= timeMs || !this.#movable(step.from, step.to)) return false
      this.holds.set(holdId, { from: step.from, to: step.to, amount: step.amount, expiresMs })
      return true
    }
    const hold = target === undefined ? undefined : this.holds.get(target)
    if (hold === undefined || target === undefined) return false
    if (step.do === 'post') {
      if (step.amount > hold.amount || !this.#movable(hold.from, hold.to)) return false
      this.balances[hold.from]! -= step.amount
      this.balances[hold.to]! += step.amount
    }
    this.holds.delete(target)
    return true
  }
}

/** Drives the ledger and the model side by side. */
class Pair {
  readonly test = new TestLedger()
  readonly model = new Model()
  readonly store = new TestStore()
  readonly eur = this.test.asset('EUR')
  readonly accounts: AccountId[] = ['a', 'b', 'c', 'd'].map((name, i) =>
    this.test.open(name, i < 2 ? 'bank-a' : 'bank-b'),
  )
  readonly ids: HoldId[] = []
  readonly roots = new Map<number, Uint8Array>()
  readonly applied: { header: TestLedger['header']; transactions: OrderedTransaction[] }[] = []
  readonly #day = Math.floor(this.test.timeMs / dayMs)

  constructor() {
    for (const account of this.accounts) this.test.issue(this.eur, account, BigInt(endowment))
    // The store starts from a snapshot, and from then on sees changes alone.
    this.store.add(...liveImages(this.test.ledger))
  }

  #action(step: Step): Action {
    const account = (i: number): AccountId => this.accounts[i]!
    const asset = this.eur
    switch (step.do) {
      case 'pay': {
        const owner = step.from < 2 ? 'bank-a' : 'bank-b'
        // References are by member: the model's numbers are made distinct by the debtor's bank.
        const reference: Reference | undefined =
          step.reference === undefined
            ? undefined
            : { member: member(owner), businessDay: this.#day, key: hashOf(`${step.reference}`) }
        return { ...transferOf(account(step.from), account(step.to), asset, BigInt(step.amount)), reference } as Action
      }
      case 'hold': {
        const expiresMs = this.test.timeMs + step.life * 1_000
        const parties = { debit: account(step.from), credit: account(step.to), controller: account(0) }
        return { kind: 'hold', ...parties, asset, amount: BigInt(step.amount), expiresMs, ...plain }
      }
      case 'post':
        return { kind: 'post', hold: this.#target(step.hold), amount: BigInt(step.amount) }
      case 'void':
        return { kind: 'void', hold: this.#target(step.hold) }
      case 'issue':
        return { kind: 'issue', asset, credit: account(step.to), amount: BigInt(step.amount), ...plain }
      case 'freeze': {
        const status = step.frozen ? 'frozen' : 'active'
        return { kind: 'set-account-status', account: account(step.account), status, reason: 0 }
      }
    }
  }

  /** One of the last holds, or none at all. */
  #target(n: number): HoldId {
    return this.ids.at(-1 - n) ?? (hashOf('none') as HoldId)
  }

  block(plan: typeof blocks extends fc.Arbitrary<(infer B)[]> ? B : never): void {
    const startMs = this.test.timeMs
    const header = this.test.nextHeader(plan.laterMs)
    const by = [...this.accounts.map(byAccountId), byMemberNamed('central'), byMemberNamed('regulator')]
    const planned = plan.transactions.map(({ groups, netted }) => {
      const actions = groups.map((steps) => steps.map((step) => this.#action(step)))
      return { groups, netted, actions, ordered: this.test.build(actions, { by, netted }) }
    })
    this.model.sweep(header.timeMs)
    const expected = planned.map(({ groups, netted, actions, ordered }) => {
      let index = -1
      return groups.map((steps, g) => {
        const named = steps.map((step, i) => {
          index++
          const action = actions[g]![i]!
          const target = action.kind === 'post' || action.kind === 'void' ? toHex(action.hold) : undefined
          const scoped =
            step.do === 'pay' && step.reference !== undefined && step.from >= 2
              ? { ...step, reference: step.reference + 100 }
              : step
          return { step: scoped, holdId: toHex(holdIdOf(ordered.id, index)), target }
        })
        return this.model.group(named, netted, header.timeMs, startMs)
      })
    })
    const transactions = planned.map(({ ordered }) => ordered)
    const result = this.test.block(transactions, plan.laterMs)
    this.applied.push({ header, transactions })
    this.#compare(expected, result)
    for (const { ordered, actions } of planned) {
      actions.flat().forEach(({ kind }, i) => {
        if (kind === 'hold') this.ids.push(holdIdOf(ordered.id, i))
      })
    }
    this.store.add(this.test.ledger.changeImages())
    this.roots.set(this.test.ledger.height, result.stateRoot)
  }

  #compare(expected: boolean[][], result: WholeResult): void {
    const payload = result.receipts.filter(({ receipt }) => receipt.position.phase === 'payload')
    const actual = payload.map(({ items }, t) =>
      expected[t]!.map((_, g) => items.filter(({ item }) => item.group === g).every(({ item }) => isDone(item.result))),
    )
    expect(actual).toEqual(expected)
    const balances = this.accounts.map((account) => Number(this.test.balance(account, this.eur)))
    expect(balances).toEqual(this.model.balances)
    expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(this.model.circulating)
    const holds = [...this.test.ledger.records()].filter(({ key }) => key.kind === 'hold')
    expect(holds).toHaveLength(this.model.holds.size)
    this.test.ledger.audit()
  }
}

describe('the ledger against a model', () => {
  it('behavior: random blocks give the balances, holds and group results of the obvious rules', () => {
    fc.assert(
      fc.property(blocks, (plans) => {
        const pair = new Pair()
        const begin = liveImages(pair.test.ledger)
        const { height, timeMs, stateRoot } = pair.test.ledger
        for (const plan of plans) pair.block(plan)

        const { ledger, genesis } = pair.test
        const stored = { height: ledger.height, timeMs: ledger.timeMs, images: pair.store.images }
        expect(Ledger.restore(genesis, stored).stateRoot).toEqual(ledger.stateRoot)

        const twin = Ledger.restore(genesis, { height, timeMs, images: begin })
        expect(twin.stateRoot).toEqual(stateRoot)
        for (const { header, transactions } of pair.applied) {
          expect(twin.applyBlock(header, transactions).stateRoot).toEqual(pair.roots.get(header.height))
        }

        const keys = [
          ...pair.accounts.map((account) => ({ key: { kind: 'position', account, asset: pair.eur } as const })),
          { key: { kind: 'account', account: hashOf('nobody') as AccountId } as const },
          {
            key: { kind: 'references', businessDay: Math.floor(timeMs / dayMs) } as const,
            nested: { kind: 'reference', member: member('bank-a'), key: hashOf('1') } as const,
          },
        ]
        for (const [at, root] of pair.roots) {
          for (const entry of ledger.prove(keys, at)) expect(rootOf(entry)).toEqual(root)
        }
      }),
      { numRuns: 60 },
    )
  })
})
