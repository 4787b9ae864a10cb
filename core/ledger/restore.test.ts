import { describe, expect, it } from 'vitest'
import { compareBytes, encode } from '../codec/index.ts'
import { nestedKey, stateKey } from '../protocol/index.ts'
import { LedgerFault } from './assertion.ts'
import { GenesisError } from './genesis-state.ts'
import { Ledger } from './ledger.ts'
import { hashOf, policyOf } from './testing/keys.ts'
import { byAccountId, member, memberOf, plain, TestLedger, testGenesis, transferOf } from './testing/test-ledger.ts'

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
  records: [...ledger.records()],
  nested: [...ledger.nestedRecords()],
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
    expect(result.receipts.map(({ receipt }) => receipt.position.phase)).toEqual(['begin', 'payload'])
  })

  it('error: nested records that do not fit their root', () => {
    const { test } = scene()
    const whole = stored(test.ledger)
    expect(() => Ledger.restore(test.genesis, { ...whole, nested: whole.nested.slice(1) })).toThrow(LedgerFault)
    const roots = whole.records.filter(({ key }) => key.kind !== 'recent-ids')
    expect(() => Ledger.restore(test.genesis, { ...whole, records: roots })).toThrow(LedgerFault)
  })

  it('behavior: a changed record changes the root', () => {
    const { test } = scene()
    const whole = stored(test.ledger)
    const records = whole.records.map((record, i) => (i === 0 ? { ...record, blind: hashOf('x') } : record))
    expect(Ledger.restore(test.genesis, { ...whole, records }).stateRoot).not.toEqual(test.ledger.stateRoot)
  })
})

describe('Ledger.fromGenesis', () => {
  it('default: the genesis header has height 0 and zero roots, its record the members state', () => {
    const { header, record, ledger } = Ledger.fromGenesis(testGenesis())
    expect([header.height, header.epoch, header.executed.height]).toEqual([0, 0, 0])
    expect(header.executed.stateRoot).toEqual(new Uint8Array(32))
    expect(record.stateRoot).toEqual(ledger.stateRoot)
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
      expect([result.stateChanged, result.changes, result.receipts]).toEqual([false, [], []])
      expect(result.stateRoot).toEqual(root)
    }
  })

  it('behavior: changes come sorted by key and nested key, each once', () => {
    const { test, eur, anna, bert } = scene()
    const pay = () => test.build([[transferOf(anna, bert, eur, 1n)]], { by: [byAccountId(anna)] })
    const { changes } = test.block([pay(), pay(), pay()])
    const keys = changes.map((change) => {
      const nested = 'nested' in change ? encode(nestedKey, change.nested) : new Uint8Array(0)
      return Uint8Array.from([...encode(stateKey, change.key), ...nested])
    })
    expect(keys).toEqual([...keys].sort(compareBytes))
    expect(new Set(keys.map(String)).size).toBe(keys.length)
  })
})
