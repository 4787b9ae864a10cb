import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode, toHex } from '@tallystick/core/codec'
import { Ledger } from '@tallystick/core/ledger'
import {
  block,
  type Header,
  ProofError,
  type ReceiptProof,
  resultOfNumber,
  type Transaction,
  transactionIdOf,
  trustGenesis,
  verifyReceiptProof,
  verifyStateProof,
} from '@tallystick/core/protocol'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  accountOf,
  asset,
  blockAfter,
  createEuro,
  finalityOf,
  genesis,
  issue,
  ledger,
  openAccount,
  signed,
  testGenesis,
  transfer,
} from '../testing/test-chain.ts'
import { type ExecutionReport, Executor } from './executor.ts'
import { queriesOf } from './queries.ts'
import { ReceiptProver } from './receipt-parts.ts'
import { metaKey } from './store-keys.ts'

const open = (directory: string, of = genesis) =>
  Executor.open(of, { directory, blocksDirectory: join(directory, 'blocks'), cacheBytes: 8_388_608 })
const resultsOf = (report: ExecutionReport) => [...report.results].map(resultOfNumber)

let directory = ''
let executor: Executor
let tip: Header

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tallystick-executor-'))
  executor = await open(directory)
  tip = Ledger.fromGenesis(genesis).header
})
afterEach(async () => {
  await executor.close()
  await rm(directory, { recursive: true, force: true })
})

async function run(...transactions: Transaction[]) {
  const next = blockAfter(tip, executor.rootsAt(executor.height)!, transactions)
  tip = next.header
  const report = await executor.execute({ block: encode(block, next), batches: [] })
  await executor.settled()
  return report
}

async function setUp(): Promise<void> {
  const nowMs = tip.timeMs
  await run(
    signed(
      [
        openAccount('issuance', 'issuance'),
        openAccount('alice', 'customer'),
        openAccount('bob', 'customer'),
        createEuro,
      ],
      { nowMs },
    ),
  )
  await run(signed([issue('alice', 1_000n)], { nowMs }))
}

const all = { items: 'all', entries: 'all', events: 'all', components: 'all' } as const

/** The proof as the node's main thread completes it, under a header that certifies everything executed. */
async function proofOf(paid: Transaction): Promise<ReceiptProof> {
  await run()
  const prover = new ReceiptProver(executor)
  const parts = prover.prove(transactionIdOf(paid.body), all, tip.executed.height)
  if (parts === undefined || parts === 'pending') throw new Error(`no proof: ${parts}`)
  return { version: 1, anchor: { ledger, epochs: [], header: tip, finality: finalityOf(tip) }, ...parts }
}

describe('executor', () => {
  test('a receipt with all its parts is proven from the genesis alone', async () => {
    await setUp()
    const paid = signed([transfer('alice', 'bob', 10n)], { nowMs: tip.timeMs, accounts: ['alice'] })
    const report = await run(paid)
    expect(resultsOf(report)).toEqual(['OK'])
    const proof = await proofOf(paid)
    expect(proof.entries).toHaveLength(2)
    verifyReceiptProof(trustGenesis(genesis), proof)
  })

  test('a proof under another genesis is refused', async () => {
    await setUp()
    const paid = signed([transfer('alice', 'bob', 10n)], { nowMs: tip.timeMs, accounts: ['alice'] })
    await run(paid)
    const proof = await proofOf(paid)
    const other = trustGenesis({ ...testGenesis(), name: 'other' })
    expect(() => verifyReceiptProof(other, proof)).toThrow(ProofError)
  })

  test('a packed transaction shows one payment without the others', async () => {
    await setUp()
    const payments = [transfer('alice', 'bob', 1n), transfer('alice', 'bob', 2_000n), transfer('alice', 'bob', 3n)]
    const packed = signed(payments, { nowMs: tip.timeMs, accounts: ['alice'], together: false })
    expect(resultsOf(await run(packed))).toEqual(['PARTLY_DONE'])
    await run()
    const prover = new ReceiptProver(executor)
    const parts = prover.prove(
      transactionIdOf(packed.body),
      { items: [1], entries: [], events: 'all', components: [2] },
      tip.executed.height,
    )
    if (parts === undefined || parts === 'pending') throw new Error('no proof')
    expect(parts.items).toMatchObject([{ item: { action: 1, result: 'INSUFFICIENT_FUNDS' } }])
    const anchor = { ledger, epochs: [], header: tip, finality: finalityOf(tip) }
    verifyReceiptProof(trustGenesis(genesis), { version: 1, anchor, ...parts })
  })

  test('a record and the absence of one are proven at the certified height', async () => {
    await setUp()
    await run()
    const keys = [
      { key: { kind: 'position', account: accountOf('alice'), asset } as const },
      { key: { kind: 'account', account: accountOf('nobody') } as const },
    ]
    const entries = queriesOf(executor, new ReceiptProver(executor)).stateEntries(keys, tip.executed.height)!
    expect(entries.map(({ record }) => record !== undefined)).toEqual([true, false])
    verifyStateProof(trustGenesis(genesis), {
      version: 1,
      anchor: { ledger, epochs: [], header: tip, finality: finalityOf(tip) },
      entries,
    })
  })

  test('a store that is opened again goes on at the same root', async () => {
    await setUp()
    const before = executor.rootsAt(executor.height)!
    await executor.close()
    executor = await open(directory)
    expect(executor.height).toBe(before.height)
    expect(toHex(executor.ledger.stateRoot)).toBe(toHex(before.stateRoot))
    const paid = signed([transfer('alice', 'bob', 10n)], { nowMs: tip.timeMs, accounts: ['alice'] })
    expect(resultsOf(await run(paid))).toEqual(['OK'])
    verifyReceiptProof(trustGenesis(genesis), await proofOf(paid))
  })

  test('after a restart the state is provable at an older height that it has not changed since', async () => {
    await setUp()
    await run()
    await run()
    const certifiedHeight = tip.executed.height
    await executor.close()
    executor = await open(directory)
    expect(certifiedHeight).toBeLessThan(executor.height)
    const entries = queriesOf(executor, new ReceiptProver(executor)).stateEntries(
      [{ key: { kind: 'asset', asset } }],
      certifiedHeight,
    )!
    const anchor = { ledger, epochs: [], header: tip, finality: finalityOf(tip) }
    verifyStateProof(trustGenesis(genesis), { version: 1, anchor, entries })
  })

  test('the same blocks lead to the same roots on another node', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'tallystick-executor-'))
    const other = await open(elsewhere)
    try {
      for (let n = 0; n < 3; n++) {
        const made = signed([openAccount(`account ${n}`, 'customer')], { nowMs: tip.timeMs })
        const next = blockAfter(tip, executor.rootsAt(executor.height)!, [made])
        tip = next.header
        const final = { block: encode(block, next), batches: [] }
        const [mine, theirs] = [await executor.execute(final), await other.execute(final)]
        expect(theirs.roots).toEqual(mine.roots)
        await executor.settled()
      }
    } finally {
      await other.close()
      await rm(elsewhere, { recursive: true, force: true })
    }
  })

  test('error: after a write that failed nothing later is written, and a new start goes on before it', async () => {
    await setUp()
    const { height } = executor
    const roots = executor.rootsAt(height)
    const before = tip
    const payment = (amount: bigint) =>
      signed([transfer('alice', 'bob', amount)], { nowMs: tip.timeMs, accounts: ['alice'] })
    const noRoom = new Error('no room')
    vi.spyOn(executor.store.state, 'append').mockImplementationOnce(() => {
      throw noRoom
    })
    await expect(run(payment(1n))).rejects.toThrow(noRoom)
    const later = { block: encode(block, blockAfter(tip, roots!, [payment(2n)])), batches: [] }
    await expect(executor.execute(later)).rejects.toThrow(noRoom)
    await expect(executor.settled()).rejects.toThrow(noRoom)
    await executor.close()
    executor = await open(directory)
    expect(executor.height).toBe(height)
    expect(executor.rootsAt(height)).toEqual(roots)
    tip = before
    expect(resultsOf(await run(payment(1n)))).toEqual(['OK'])
  })

  test('error: a store of another ledger or format is refused by name', async () => {
    await executor.close()
    await expect(open(directory, { ...genesis, name: 'other' })).rejects.toMatchObject({
      code: 'STORE_OF_OTHER_LEDGER',
    })
    executor = await open(directory)
    await executor.store.index.put(metaKey, Uint8Array.of(9))
    await executor.close()
    await expect(open(directory)).rejects.toMatchObject({ code: 'STORE_FORMAT_OTHER' })
    await rm(directory, { recursive: true, force: true })
    executor = await open(directory)
  })
})

test('of two copies the one that counted is stored, with its witness', async () => {
  const home = await mkdtemp(join(tmpdir(), 'tallystick-executor-'))
  const own = await open(home)
  try {
    const good = signed([openAccount('carol', 'customer')], { nowMs: genesis.timeMs })
    const stripped: Transaction = { ...good, witness: [] }
    const next = blockAfter(Ledger.fromGenesis(genesis).header, own.rootsAt(0)!, [stripped, good, good])
    const report = await own.execute({ block: encode(block, next), batches: [] })
    await own.settled()
    expect(report.skipped.map(({ reason }) => reason)).toEqual(['SIGNATURES_INSUFFICIENT', 'DUPLICATE'])
    const stored = queriesOf(own, new ReceiptProver(own)).transaction(transactionIdOf(good.body))
    expect(stored).toEqual({ kind: 'whole', transaction: good })
  } finally {
    await own.close()
    await rm(home, { recursive: true, force: true })
  }
})
