import { describe, expect, it } from 'vitest'
import { equalBytes, toHex } from '../../codec/index.ts'
import { listRoot } from '../../crypto/index.ts'
import { type ContractId, eventLeaf, receiptListKind, rowKeyHashOf, storageIdOf } from '../../protocol/index.ts'
import { Ledger } from '../ledger.ts'
import { ContractScene, eventsOf, newRunner, puppetManifest, puppetScript } from '../testing/contract-scene.ts'
import { rootOf } from '../testing/root-of.ts'
import { byAccountId, byMemberNamed, member, transferOf } from '../testing/test-ledger.ts'

const minuteMs = 60_000

function schedule(
  s: ContractScene,
  inMs: number,
  input: string[] = ['e{"topic":"fired","data":{}}'],
  more: object = {},
): string {
  return `s${JSON.stringify({ action: 'inner', input, atMs: s.timeMs + 1_000 + inMs, fuel: 1_000_000, ...more })}`
}

describe('contracts', () => {
  it('default: rows are written, read, ranged over and deleted, and proven', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const answers = s.ask(
      contract,
      'p1:b2',
      'p1:a1',
      'p3:a/zé',
      'ga',
      'gx',
      'r{}',
      'r{"from":"a/","limit":1}',
      'r{"reverse":true,"to":"b"}',
    )
    expect(answers).toEqual([
      '=',
      '=',
      '=',
      '=1',
      '-',
      '=[["a","1"],["a/z","é"],["b","2"]]',
      '=[["a/z","é"]]',
      '=[["a/z","é"],["a","1"]]',
    ])
    expect(s.ask(contract, 'da', 'da', 'r{}')).toEqual(['=', '-', '=[["a/z","é"],["b","2"]]'])
    const key = { kind: 'contract-row', storage: storageIdOf(contract, 0), key: rowKeyHashOf('b') } as const
    const [entry] = s.ledger.prove([{ key }])
    expect(entry!.record).toBeDefined()
    expect(rootOf(entry!)).toEqual(s.ledger.stateRoot)
    s.ledger.audit()
  })

  it('behavior: a range that is cut by its size says so', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    for (let i = 0; i < 6; i++) s.call(contract, [`p1:${i}${'x'.repeat(15_000)}`])
    const { output } = s.ledger.view(contract, 'look', ['r{}'], 5_000_000).end as { output: string }
    const rows = JSON.parse(JSON.parse(output)[0].slice(1)) as unknown[]
    expect(rows).toHaveLength(5)
    expect(rows.at(-1)).toBeNull()
  })

  it('behavior: nothing of a call is left but what it wrote', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    for (let i = 0; i < 3; i++) expect(s.ask(contract, '!calls')).toEqual(['1'])
  })

  it('behavior: funds are taken up to what is listed, own accounts are free, others are not', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const own = s.account(contract)
    const receipt = s.call(contract, [s.transferQuestion(s.anna, own, 60n), s.transferQuestion(s.anna, own, 41n)], {
      funds: s.fund(100n),
    })
    expect(JSON.parse(eventsOf(receipt)[0]!.data)).toEqual(['=', expect.stringMatching(/^!FUNDS_EXCEEDED/)])
    expect(receipt.entries).toHaveLength(2)
    expect(
      s.ask(
        contract,
        s.transferQuestion(own, s.bert, 50n),
        s.transferQuestion(own, s.bert, 11n),
        s.transferQuestion(s.anna, s.bert, 1n),
      ),
    ).toEqual(['=', expect.stringMatching(/^!INSUFFICIENT_FUNDS/), expect.stringMatching(/^!FUNDS_EXCEEDED/)])
    expect([s.balance(s.anna, s.eur), s.balance(own, s.eur), s.balance(s.bert, s.eur)]).toEqual([940n, 10n, 50n])
    s.ledger.audit()
  })

  it('behavior: nobody moves what a contract has but the contract', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const own = s.account(contract)
    expect(s.do(transferOf(s.anna, own, s.eur, 5n), byAccountId(s.anna))).toBe('OK')
    expect(() => s.do(transferOf(own, s.anna, s.eur, 5n), byMemberNamed('publisher'))).not.toThrow()
    expect(s.do(transferOf(own, s.anna, s.eur, 5n), byMemberNamed('publisher'))).toBe('NOT_AUTHORIZED')
  })

  it('behavior: events are under the receipt, each blinded', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const receipt = s.call(contract, ['e{"topic":"shipped","data":{"n":1}}'])
    expect(eventsOf(receipt).map(({ topic, data }) => [topic, data])).toEqual([
      ['shipped', '{"n":1}'],
      ['returned', '["="]'],
    ])
    const leaves = receipt.events.map(({ event, blind }) => eventLeaf(event, blind))
    expect(s.ask(contract, 'e{"topic":"returned"}')[0]).toMatch(/^!CONTRACT_NAME_INVALID/)
    expect(receipt.receipt.eventsRoot).toEqual(listRoot(receiptListKind.events, leaves))
    expect(new Set(receipt.events.map(({ blind }) => toHex(blind))).size).toBe(2)
  })

  it('error: what fails leaves nothing but its event', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const root = () =>
      s.ask(contract, 'r{}', `b${JSON.stringify({ account: toHex(s.account(contract)), asset: toHex(s.eur) })}`)
    const before = root()
    const writes = ['p1:a1', 'e{"topic":"x","data":1}', s.transferQuestion(s.anna, s.account(contract), 5n)]
    for (const end of ['!throw', '!refuse', '!loop', '!deep', '!memory', '!garbage']) {
      const receipt = s.call(contract, [...writes, end], { funds: s.fund(10n) })
      expect(receipt.receipt.result, end).toMatch(/^CONTRACT_/)
      expect(receipt.entries).toEqual([])
      expect(eventsOf(receipt)).toHaveLength(1)
      expect(root()).toEqual(before)
    }
    const { data, topic } = eventsOf(s.call(contract, ['!refuse']))[0]!
    expect([topic, JSON.parse(data)]).toEqual(['refused', { code: 'NOT_TODAY', message: 'closed' }])
    s.ledger.audit()
  })

  it('behavior: authors get lines and stacks, receipts do not', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const result = s.block([
      s.build([[s.callAction(contract, ['lhello', '!throw'])]], { by: [byMemberNamed('publisher')] }),
    ])
    expect(result.notes).toMatchObject([
      { lines: ['hello'], stack: expect.stringMatching(/thrown on purpose[\s\S]*contract:\d+/) },
    ])
    expect(JSON.stringify(eventsOf(result.receipts[0]!))).not.toMatch(/contract:\d/)
  })

  it('behavior: contracts call each other, atomically, and not back', () => {
    const s = new ContractScene()
    const [a, b] = [s.deploy('puppet-a'), s.deploy('puppet-b')]
    const callOf = (contract: ContractId, input: string[], funds: object[] = []) =>
      `c${JSON.stringify({ contract: toHex(contract), action: 'ask', input, funds })}`
    const answers = s.ask(a, callOf(b, ['p1:x1', '!question']), callOf(b, ['p1:x2', '!throw']), 'gx')
    const [, asked] = JSON.parse(answers[0]!.slice(1)) as string[]
    expect(JSON.parse(asked!)).toMatchObject({ callers: [{ kind: 'contract', id: toHex(a) }], funds: [] })
    expect(answers.slice(1)).toEqual([expect.stringMatching(/^!CONTRACT_FAILED/), '-'])
    expect(s.ask(b, 'gx')).toEqual(['=1'])
    expect(s.ask(a, callOf(b, [callOf(a, ['gx'])]))[0]).toContain('!CONTRACT_REENTERED')
    const view = `v${JSON.stringify({ contract: toHex(a), view: 'look', input: ['gy', 'p1:z0'] })}`
    expect(s.ask(a, 'p1:y7', callOf(b, [view]))[1]).toMatch(/=7.*CONTRACT_READ_ONLY/)
    s.ledger.audit()
  })

  it('behavior: funds go on to a called contract, and what it leaves can be used', () => {
    const s = new ContractScene()
    const [a, b] = [s.deploy('puppet-a'), s.deploy('puppet-b')]
    const give = (amount: string) => [{ account: toHex(s.anna), asset: toHex(s.eur), amount }]
    const nested = (input: string[], amount: string) =>
      `c${JSON.stringify({ contract: toHex(b), action: 'ask', input, funds: give(amount) })}`
    const take = s.transferQuestion(s.anna, s.bert, 30n)
    const receipt = s.call(
      a,
      [
        nested([take], '40'),
        nested([take, '!throw'], '40'),
        s.transferQuestion(s.anna, s.bert, 60n),
        s.transferQuestion(s.anna, s.bert, 1n),
      ],
      {
        funds: s.fund(100n),
      },
    )
    const answers = JSON.parse(eventsOf(receipt).at(-1)!.data) as string[]
    expect(answers.map((answer) => answer.slice(0, 8))).toEqual(['=["="]', '!CONTRAC', '=', '!FUNDS_E'])
    expect(s.balance(s.bert, s.eur)).toBe(90n)
  })

  it('behavior: a view from outside changes nothing, and costs nobody', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, 'p1:a1')
    const root = s.ledger.stateRoot
    expect(s.ledger.view(contract, 'look', ['ga', 'p1:b1'], 1_000_000).end).toMatchObject({
      output: expect.stringMatching(/=1.*CONTRACT_READ_ONLY/),
    })
    expect(s.ledger.view(contract, 'look', ['!loop'], 1_000_000).end).toMatchObject({
      result: 'CONTRACT_FUEL_EXCEEDED',
    })
    expect(s.ledger.stateRoot).toEqual(root)
  })

  it('behavior: a booking fires at its time, once, in a derived transaction', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    const prepaid = s.prepaid(contract)
    expect(s.ask(contract, schedule(s, 10_000))).toEqual(['=0'])
    expect(s.prepaid(contract)).toBeLessThan(prepaid)
    expect(s.block([], 5_000).receipts).toEqual([])
    expect(s.ledger.dueWork(s.timeMs + 4_000)).toBe(false)
    expect(s.ledger.dueWork(s.timeMs + 6_000)).toBe(true)
    const { receipts } = s.block([], 6_000)
    expect(receipts).toHaveLength(1)
    expect(receipts[0]!.receipt).toMatchObject({ result: 'OK', position: { phase: 'begin', index: 0 } })
    expect(eventsOf(receipts[0]!).map(({ topic }) => topic)).toEqual(['fired', 'returned'])
    expect(prepaid - s.prepaid(contract)).toBeLessThan(3_000)
    expect(s.block([], 60_000).receipts).toEqual([])
    s.ledger.audit()
  })

  it('behavior: a trigger of a cold code pays for its evaluation beside what it booked', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, schedule(s, 60_000, ['e{"topic":"fired","data":{}}'], { fuel: 60_000 }))
    for (let i = 0; i < 32; i++) s.deploy(`other-${i}`, { script: `${puppetScript()}//${i}` })
    const prepaid = s.prepaid(contract)
    const { receipts } = s.block([], 61_000)
    expect(receipts.map(({ receipt }) => receipt.result)).toEqual(['OK'])
    const paid = prepaid - s.prepaid(contract)
    expect(paid).toBeGreaterThan(500)
    expect(paid).toBeLessThan(5_000)
    s.ledger.audit()
  })

  it('behavior: a cadence goes on without drift, and survives a restart', () => {
    const s = new ContractScene()
    const images: Uint8Array[] = [s.ledger.changeImages().slice()]
    const contract = s.deploy('puppet')
    s.ask(contract, schedule(s, 0, ['e{"topic":"fired","data":{}}'], { everyMs: minuteMs }))
    const due: number[] = []
    for (let i = 0; i < 5; i++) {
      const booked = s.ledger.contractBookings(contract)
      due.push(booked[0]!.booking.dueMs)
      expect(s.block([], 61_500).receipts).toHaveLength(1)
    }
    expect(due.map((at, i) => at - due[0]! - i * minuteMs)).toEqual([0, 0, 0, 0, 0])
    images.length = 0
    for (let cursor: number | undefined = 0; cursor !== undefined; ) {
      const part: { images: Uint8Array; next: number | undefined } = s.ledger.liveImages(cursor, 10_000)
      images.push(part.images.slice())
      cursor = part.next
    }
    const restored = Ledger.restore(s.genesis, { height: s.ledger.height, timeMs: s.timeMs, images }, newRunner())
    expect(restored.stateRoot).toEqual(s.ledger.stateRoot)
    const header = s.nextHeader(61_500)
    const [ours, theirs] = [s.ledger.applyBlock(header, []), restored.applyBlock(header, [])]
    expect(ours.receipts).toHaveLength(1)
    expect(equalBytes(ours.stateRoot, theirs.stateRoot)).toBe(true)
    expect([...restored.contractRows(contract, {})]).toEqual([...s.ledger.contractRows(contract, {})])
  })

  it('behavior: a booking that fails is tried again, later each time, then stops with an event', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, schedule(s, 0, ['p1:a1', '!throw']))
    const waits: number[] = []
    let last: ReturnType<typeof s.block>['receipts'] = []
    for (let i = 0; i < 5; i++) {
      const { booking } = s.ledger.contractBookings(contract)[0]!
      waits.push(booking.dueMs - s.timeMs)
      last = s.block([], booking.dueMs - s.timeMs).receipts
      expect(last.map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_FAILED'])
    }
    expect(waits.slice(1)).toEqual([1, 5, 30, 120].map((minutes) => minutes * minuteMs))
    expect(eventsOf(last[0]!).map(({ topic }) => topic)).toEqual(['failed', 'trigger-stopped'])
    expect(s.ledger.contractBookings(contract)).toEqual([])
    expect(s.ask(contract, 'ga')).toEqual(['-'])
    s.ledger.audit()
  })

  it('behavior: events and credits call who listens, in the next block, and loops end', () => {
    const s = new ContractScene()
    const on = [
      { source: 'self', topic: 'heard', action: 'heard', fuel: 1_000_000 },
      { source: 'account', topic: 'credited', action: 'heard', fuel: 1_000_000 },
    ]
    const contract = s.deploy('puppet', { script: puppetScript({ ...puppetManifest, on }) })
    expect(s.do(transferOf(s.anna, s.account(contract), s.eur, 5n), byAccountId(s.anna))).toBe('OK')
    const heard: unknown[] = []
    for (let i = 0; i < 12; i++) {
      const { receipts } = s.block([], 1)
      if (receipts.length === 0) break
      heard.push(JSON.parse([...s.ledger.contractRows(contract, {})][0]!.value))
    }
    expect(heard[0]).toEqual([
      'subscription',
      1,
      'credited',
      expect.objectContaining({ amount: '5', debit: toHex(s.anna) }),
    ])
    expect(heard).toHaveLength(8)
    expect(heard.at(-1)).toEqual(['subscription', 8, 'heard', {}])
    s.ledger.audit()
  })

  it('behavior: an upgrade without migration counts at once', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, 'p1:a1', schedule(s, minuteMs))
    const code = { vmVersion: 1, script: `${puppetScript()}//2`, sourceMap: '', source: 'second', fuel: 5_000_000 }
    expect(s.do({ kind: 'contract-upgrade', contract, ...code }, byMemberNamed('publisher'))).toBe('OK')
    expect(s.ask(contract, 'ga')).toEqual(['=1'])
    expect(s.block([], 2 * minuteMs).receipts).toHaveLength(1)
  })

  it('behavior: a migration takes many blocks, locks the contract meanwhile, and replaces its rows at once', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, ...Array.from({ length: 25 }, (_, i) => `p3:${100 + i}${i}`), schedule(s, 5_000))
    const migration = `(question) => {
      const from = question.input ?? ''
      const rows = JSON.parse(host('or' + JSON.stringify({ from, limit: 10 })).slice(1))
      for (const [key, value] of rows) host('p' + (key.length + 1) + ':n' + key + value + '!')
      return rows.length < 10 ? {} : { output: rows[9][0] + '0' }
    }`
    const script = puppetScript({ ...puppetManifest, migrates: true }, migration)
    const code = { vmVersion: 1, script, sourceMap: '', source: 'next', fuel: 5_000_000 }
    expect(s.do({ kind: 'contract-upgrade', contract, ...code }, byMemberNamed('publisher'))).toBe('OK')
    expect(s.resultOf(contract, [])).toBe('CONTRACT_MIGRATING')
    expect(s.ledger.view(contract, 'look', ['g124'], 1_000_000).end).toMatchObject({ output: '["=24"]' })
    let blocks = 0
    for (; s.ledger.get<'contract'>({ kind: 'contract', contract })!.status === 'migrating'; blocks++) s.block([], 10)
    expect(blocks).toBeGreaterThanOrEqual(1)
    expect(s.ask(contract, 'g124', 'gn124')).toEqual(['-', '=24!'])
    expect([...s.ledger.contractRows(contract, {})]).toHaveLength(25)
    s.block([], 10 * minuteMs)
    s.do({ kind: 'tick' }, { kind: 'validator', nodeKey: s.genesis.validators[0]!.nodeKey })
    expect(s.ledger.contractBookings(contract)).toEqual([])
    s.ledger.audit()
  })

  it('behavior: a paused contract is not called, and its bookings wait', () => {
    const s = new ContractScene()
    const contract = s.deploy('puppet')
    s.ask(contract, schedule(s, 5_000))
    const set = (status: 'active' | 'paused') =>
      s.do({ kind: 'set-contract-status', contract, status, reason: 1 }, byMemberNamed('regulator'))
    expect(set('paused')).toBe('OK')
    expect(s.resultOf(contract, [])).toBe('CONTRACT_PAUSED')
    expect(s.block([], 5_000).receipts.map(({ receipt }) => receipt.result)).toEqual(['CONTRACT_PAUSED'])
    expect(s.ledger.contractBookings(contract)).toHaveLength(1)
    expect(set('active')).toBe('OK')
    expect(s.block([], 2 * minuteMs).receipts.map(({ receipt }) => receipt.result)).toEqual(['OK'])
  })

  it('behavior: whoever has no right deploys nothing', () => {
    const s = new ContractScene()
    expect(s.do(s.deployment('puppet', { member: member('bank-a') }), byMemberNamed('bank-a'))).toBe(
      'MEMBER_ROLE_MISSING',
    )
  })
})
