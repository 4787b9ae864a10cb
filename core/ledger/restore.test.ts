import { describe, expect, it } from 'vitest'
import { LedgerFault } from './assertion.ts'
import { GenesisError } from './genesis-state.ts'
import { Ledger } from './ledger.ts'
import { hashOf, policyOf } from './testing/keys.ts'
import { liveImages } from './testing/store.ts'
import {
  byAccountId,
  member,
  memberOf,
  plain,
  TestLedger,
  testGenesis,
  transferOf,
  wholeResult,
} from './testing/test-ledger.ts'

function scene() {
  const test = new TestLedger()
  const eur = test.asset('EUR')
  const anna = test.open('anna', 'bank-a')
  const bert = test.open('bert', 'bank-b')
  test.issue(eur, anna, 10_000n)
  const hold = { kind: 'hold', debit: anna, credit: bert, asset: eur, amount: 5n, controller: anna, ...plain } as const
  test.do({ ...hold, expiresMs: test.timeMs + 5_000 }, byAccountId(anna))
  return { test, eur, anna, bert }
}

const stored = (ledger: Ledger) => ({
  height: ledger.height,
  timeMs: ledger.timeMs,
  images: liveImages(ledger),
})

describe('Ledger.restore', () => {
  it('default: reaches the same root, and goes on alike', () => {
    const { test, eur, anna, bert } = scene()
    const restored = Ledger.restore(test.genesis, stored(test.ledger))
    expect(restored.stateRoot).toEqual(test.ledger.stateRoot)
    expect(restored.provableFrom).toBe(restored.height)
    restored.audit()
    const pay = test.build([[transferOf(anna, bert, eur, 1n)]], { by: [byAccountId(anna)] })
    const header = test.nextHeader(60_000)
    const result = restored.applyBlock(header, [pay])
    expect(result).toEqual(test.ledger.applyBlock(header, [pay]))
    expect(wholeResult(result).receipts.map(({ receipt }) => receipt.position.phase)).toEqual(['begin', 'payload'])
  })

  it('error: nested records that do not fit their root', () => {
    const { test } = scene()
    const whole = stored(test.ledger)
    // The last pieces are those of nested tries.
    const without = whole.images.slice(0, -1)
    expect(() => Ledger.restore(test.genesis, { ...whole, images: without })).toThrow(LedgerFault)
    const alone = whole.images.slice(-1)
    expect(() => Ledger.restore(test.genesis, { ...whole, images: alone })).toThrow(LedgerFault)
  })

  it('error: an image of no known kind', () => {
    const { test } = scene()
    const whole = stored(test.ledger)
    expect(() => Ledger.restore(test.genesis, { ...whole, images: [Uint8Array.of(9, 0)] })).toThrow(LedgerFault)
  })

  it('behavior: a changed record changes the root', () => {
    const { test } = scene()
    const whole = stored(test.ledger)
    const [first, ...others] = whole.images
    const changed = first!.slice()
    changed[changed.length - 1]! ^= 1
    const images = [changed, ...others]
    expect(Ledger.restore(test.genesis, { ...whole, images }).stateRoot).not.toEqual(test.ledger.stateRoot)
  })

  it('behavior: later images win, and where a position keeps its newest entry comes along', () => {
    const { test, eur, anna, bert } = scene()
    const images = liveImages(test.ledger)
    for (let i = 0; i < 5; i++) {
      test.block([test.build([[transferOf(anna, bert, eur, 1n)]], { by: [byAccountId(anna)] })])
      const position = test.ledger.positionNumber(anna, eur)!
      test.ledger.setLastEntry(position, 1_000 + i)
      images.push(test.ledger.changeImages().slice())
    }
    const { height, timeMs, stateRoot } = test.ledger
    const restored = Ledger.restore(test.genesis, { height, timeMs, images })
    expect(restored.stateRoot).toEqual(stateRoot)
    expect(restored.lastEntry(restored.positionNumber(anna, eur)!)).toBe(1_004)
  })
})

describe('Ledger.fromGenesis', () => {
  it('default: the genesis header has height 0 and zero roots, its record the members state', () => {
    const { header, result, ledger } = Ledger.fromGenesis(testGenesis())
    expect([header.height, header.epoch, header.executed.height]).toEqual([0, 0, 0])
    expect(header.executed.stateRoot).toEqual(new Uint8Array(32))
    expect(result.record.stateRoot).toEqual(ledger.stateRoot)
    expect(ledger.get<'member'>({ kind: 'member', member: member('central') })?.identifier).toBe('central')
  })

  it('error: a policy that the ledger would refuse from anyone', () => {
    const policy = { ...policyOf(1, 'x'), limits: [{ asset: hashOf('a'), periodMs: 1, amount: 1n }] }
    expect(() => Ledger.fromGenesis(testGenesis({ members: [memberOf('odd', { policy })] }))).toThrow(GenesisError)
  })
})

describe('Ledger.applyBlock', () => {
  it('error: a block that does not follow is a fault of the caller', () => {
    const { test } = scene()
    const next = test.nextHeader()
    for (const wrong of [{ height: next.height + 1 }, { timeMs: test.timeMs - 1 }, { ledger: hashOf('l') as never }]) {
      expect(() => test.ledger.applyBlock({ ...next, ...wrong }, [])).toThrow(LedgerFault)
    }
  })

  it('behavior: an empty block, or one of skipped copies alone, leaves the root and the state unchanged', () => {
    const { test, eur, anna, bert } = scene()
    const root = test.ledger.stateRoot
    const expired = test.build([[transferOf(anna, bert, eur, 1n)]], {
      by: [byAccountId(anna)],
      body: { validUntilMs: 1 },
    })
    for (const transactions of [[], [expired]]) {
      const result = test.block(transactions)
      expect([result.stateChanged, result.created, result.receipts]).toEqual([false, [], []])
      expect(result.stateRoot).toEqual(root)
    }
  })

  it('default: says what is new, and which references were used', () => {
    const { test, eur, anna } = scene()
    const carl = test.open('carl', 'bank-b')
    const reference = { member: member('bank-a'), businessDay: Math.floor(test.timeMs / 86_400_000), key: hashOf('r') }
    const pay = { ...transferOf(anna, carl, eur, 1n), reference }
    const { created, references } = test.block([test.build([[pay]], { by: [byAccountId(anna)] })])
    expect(created).toEqual([{ kind: 'position', account: carl, asset: eur }])
    expect(references).toMatchObject([reference])
  })
})
