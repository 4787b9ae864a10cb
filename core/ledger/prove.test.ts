import { describe, expect, it } from 'vitest'
import type { Hash } from '../crypto/index.ts'
import type { AccountId, StateProofEntry } from '../protocol/index.ts'
import type { ProvenKey } from './state/prove.ts'
import { undoBlocksMax } from './state/undo.ts'
import { hashOf } from './testing/keys.ts'
import { rootOf } from './testing/root-of.ts'
import { byAccountId, member, plain, TestLedger, transferOf } from './testing/test-ledger.ts'
import { dayMs } from './windows.ts'

function scene() {
  const test = new TestLedger()
  const eur = test.asset('EUR')
  const anna = test.open('anna', 'bank-a')
  const bert = test.open('bert', 'bank-b')
  test.issue(eur, anna, 10_000n)
  return { test, eur, anna, bert }
}

describe('Ledger.prove', () => {
  it('behavior: proves records, absences and nested records at every height that is kept', () => {
    const { test, eur, anna, bert } = scene()
    const day = Math.floor(test.timeMs / dayMs)
    const reference = (n: number) => ({ member: member('bank-a'), businessDay: day, key: hashOf(`r${n}`) })
    const keys: ProvenKey[] = [
      { key: { kind: 'position', account: anna, asset: eur } },
      { key: { kind: 'position', account: bert, asset: eur } },
      { key: { kind: 'account', account: hashOf('nobody') as AccountId } },
      { key: { kind: 'references', businessDay: day } },
      ...[0, 3, 99].map((n): ProvenKey => {
        const { member: owner, key } = reference(n)
        return { key: { kind: 'references', businessDay: day }, nested: { kind: 'reference', member: owner, key } }
      }),
    ]
    const roots = new Map<number, Hash>()
    const records = new Map<number, (StateProofEntry['record'] | undefined)[]>()
    const remember = (): void => {
      roots.set(test.ledger.height, test.ledger.stateRoot)
      records.set(
        test.ledger.height,
        test.ledger.prove(keys).map((entry) => entry.nested?.record ?? entry.record),
      )
    }
    remember()
    for (let n = 0; n < 6; n++) {
      const action = { ...transferOf(anna, bert, eur, 10n), reference: reference(n) } as ReturnType<typeof transferOf>
      test.do(action, byAccountId(anna))
      remember()
      test.block([])
      remember()
    }
    for (const [height, root] of roots) {
      const entries = test.ledger.prove(keys, height)
      for (const entry of entries) expect(rootOf(entry), `height ${height}, ${entry.key.kind}`).toEqual(root)
      expect(entries.map((entry) => entry.nested?.record ?? entry.record)).toEqual(records.get(height))
    }
    expect(test.ledger.stateRoot).toEqual(roots.get(test.ledger.height))
    const before = test.ledger.prove(keys, Math.min(...roots.keys()))
    expect(before[4]!.nested).toBeUndefined()
    expect(before[3]!.record).toBeUndefined()
  })

  it('behavior: a nested trie that was dropped since is still proven as it was', () => {
    const { test, eur, anna, bert } = scene()
    const day = Math.floor(test.timeMs / dayMs)
    const reference = { member: member('bank-a'), businessDay: day, key: hashOf('r') }
    test.do({ ...transferOf(anna, bert, eur, 10n), reference } as ReturnType<typeof transferOf>, byAccountId(anna))
    const { height, stateRoot } = test.ledger
    test.block([], 401 * dayMs)
    test.do(transferOf(anna, bert, eur, 1n), byAccountId(anna))
    const nested = { kind: 'reference', member: member('bank-a'), key: hashOf('r') } as const
    const key = { kind: 'references', businessDay: day } as const
    const [then] = test.ledger.prove([{ key, nested }], height)
    expect(then!.nested!.record).toBeDefined()
    expect(rootOf(then!)).toEqual(stateRoot)
    const [now] = test.ledger.prove([{ key, nested }])
    expect([now!.record, now!.nested]).toEqual([undefined, undefined])
    expect(rootOf(now!)).toEqual(test.ledger.stateRoot)
  })

  it('behavior: records that came and went since are absent then and now', () => {
    const { test, eur, anna, bert } = scene()
    const before = test.ledger.height
    const parties = { debit: anna, credit: bert, asset: eur, controller: anna }
    const action = { kind: 'hold', ...parties, amount: 5n, expiresMs: test.timeMs + 5_000, ...plain } as const
    test.do(action, byAccountId(anna))
    const during = test.ledger.height
    const hold = [...test.ledger.records()].find(({ key }) => key.kind === 'hold')!.key
    test.block([], 10_000)
    const present = [before, during, test.ledger.height].map((h) => test.ledger.prove([{ key: hold }], h)[0]!.record)
    expect(present.map((record) => record !== undefined)).toEqual([false, true, false])
  })

  it('error: heights before the kept ones, and after the last', () => {
    const { test } = scene()
    const key = { key: { kind: 'member', member: member('central') } } as const
    for (let n = 0; n < undoBlocksMax + 3; n++) test.block([])
    expect(test.ledger.provableFrom).toBe(test.ledger.height - undoBlocksMax)
    expect(test.ledger.prove([key], test.ledger.provableFrom)).toHaveLength(1)
    expect(() => test.ledger.prove([key], test.ledger.provableFrom - 1)).toThrow(RangeError)
    expect(() => test.ledger.prove([key], test.ledger.height + 1)).toThrow(RangeError)
  })
})
