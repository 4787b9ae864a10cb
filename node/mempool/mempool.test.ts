import { toHex } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import { type Block, type Header, payloadRootOf } from '@tallystick/core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encoded, genesis, ledger, nodeSeed, openAccount, signed } from '../testing/test-chain.ts'
import { admitTransaction } from '../verifier/admission.ts'
import { checkBatch } from '../verifier/batch-check.ts'
import { Mempool } from './mempool.ts'
import type { BatchLogPort, MempoolPorts } from './ports.ts'

const { validators, parameters } = genesis
const rules = { ledger, block: parameters.block }
let nowMs = genesis.timeMs

const verifier: MempoolPorts['verifier'] = {
  verifyTransactions: async (list) => list.map((bytes) => admitTransaction(rules, bytes)),
  verifyBatch: async (bytes) => checkBatch(rules, bytes),
  pending: 0,
  stop: async () => {},
}

class MemoryLog implements BatchLogPort {
  readonly kept = new Map<string, { digest: Uint8Array; encoded: Uint8Array }>()
  async append(digest: Uint8Array, bytes: Uint8Array): Promise<void> {
    this.kept.set(toHex(digest), { digest, encoded: bytes })
  }
  stored() {
    return this.kept.values()
  }
  release(digests: readonly Uint8Array[]): void {
    for (const digest of digests) this.kept.delete(toHex(digest))
  }
}

interface TestNode {
  readonly pool: Mempool
  readonly log: MemoryLog
  up: boolean
  readonly cutOff: string[]
}

/** Four mempools whose messages arrive at once, save those to and from nodes that are down. */
function network(): TestNode[] {
  const nodes: TestNode[] = []
  for (const self of validators.keys()) {
    const log = new MemoryLog()
    const others = (): number[] => [...validators.keys()].filter((i) => i !== self && nodes[i]!.up && nodes[self]!.up)
    const deliver = (to: number, message: Uint8Array): void => {
      if (others().includes(to)) queueMicrotask(() => nodes[to]!.pool.receive(self, message))
    }
    const ports: MempoolPorts = {
      verifier,
      log,
      final: { encodedBatches: () => [] },
      network: {
        connected: others,
        send: deliver,
        broadcast: (message) => others().forEach((to) => void deliver(to, message)),
        pause: () => {},
        resume: () => {},
        disconnect: (peer, reason) => nodes[self]!.cutOff.push(`${peer} ${reason}`),
      },
      nowMs: () => nowMs,
      onWork: () => {},
      onFailure: (error) => {
        throw error
      },
    }
    const sign = (message: Uint8Array): Uint8Array => signEd25519(message, nodeSeed(self))
    const pool = new Mempool({ ledger, parameters, validators, self, nodeKey: validators[self]!.nodeKey, sign }, ports)
    nodes.push({ pool, log, up: true, cutOff: [] })
  }
  return nodes
}

let nodes: TestNode[] = []
beforeEach(async () => {
  nowMs = genesis.timeMs
  nodes = network()
  for (const { pool } of nodes) await pool.start()
})
afterEach(() => {
  for (const { pool } of nodes) pool.stop()
})

const payment = (name: string) => encoded(signed([openAccount(name, 'customer')], { nowMs }))

async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !what(); turn++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(what()).toBe(true)
}

function blockOf(digests: ReturnType<Mempool['select']>): Block {
  const payload = digests.map((digest) => ({ kind: 'batch', digest }) as const)
  const header = { payloadCount: payload.length, payloadRoot: payloadRootOf(payload), timeMs: nowMs } as Header
  return { header, payload }
}

describe('mempool', () => {
  test('a transaction becomes a batch that every validator can propose and finds valid', async () => {
    expect(await nodes[0]!.pool.submit([payment('x')])).toMatchObject([{ status: 'received' }])
    await until(() => nodes.every(({ pool }) => pool.select(nowMs, []).length === 1))
    const block = blockOf(nodes[2]!.pool.select(nowMs, []))
    for (const { pool } of nodes) expect(await pool.check(block, [])).toBe('valid')
  })

  test('the same copy is taken once, wherever it is', async () => {
    const bytes = payment('x')
    await nodes[0]!.pool.submit([bytes])
    expect(await nodes[0]!.pool.submit([bytes])).toMatchObject([{ status: 'duplicate' }])
    await until(() => nodes[1]!.pool.waiting.batches === 1)
    expect(await nodes[1]!.pool.submit([bytes])).toMatchObject([{ status: 'duplicate' }])
  })

  test('a batch that only a minority holds is not proposed, and is announced until others hold it', async () => {
    for (const node of nodes.slice(1)) node.up = false
    await nodes[0]!.pool.submit([payment('x')])
    await until(() => nodes[0]!.pool.waiting.batches === 1)
    expect(nodes[0]!.pool.select(nowMs, [])).toEqual([])
    expect(nodes[0]!.pool.hasWork()).toBe(true)
    for (const node of nodes.slice(1, 3)) node.up = true
    nowMs += 1_000
    await until(() => nodes[0]!.pool.select(nowMs, []).length === 1)
  })

  test('a missing batch is fetched before a proposal is judged', async () => {
    nodes[3]!.up = false
    await nodes[0]!.pool.submit([payment('x')])
    await until(() => nodes[1]!.pool.select(nowMs, []).length === 1)
    const block = blockOf(nodes[1]!.pool.select(nowMs, []))
    nodes[3]!.up = true
    expect(await nodes[3]!.pool.check(block, [])).toBe('valid')
  })

  test('a digest counts once along a path and once for ever', async () => {
    await nodes[0]!.pool.submit([payment('x')])
    await until(() => nodes[1]!.pool.select(nowMs, []).length === 1)
    const { pool } = nodes[1]!
    const block = blockOf(pool.select(nowMs, []))
    expect(pool.select(nowMs, [block])).toEqual([])
    expect(await pool.check(block, [block])).toBe('invalid')
    pool.markOrdered(nowMs, pool.batchesOf(block))
    expect(pool.select(nowMs, [])).toEqual([])
    expect(await pool.check(block, [])).toBe('invalid')
    expect(nodes[1]!.log.kept.size).toBe(0)
  })

  test('a payload that is not the one of the header, or too old, is invalid', async () => {
    await nodes[0]!.pool.submit([payment('x')])
    const { pool } = nodes[0]!
    await until(() => pool.select(nowMs, []).length === 1)
    const block = blockOf(pool.select(nowMs, []))
    expect(await pool.check({ ...block, header: { ...block.header, payloadCount: 2 } }, [])).toBe('invalid')
    expect(await pool.check({ ...block, header: { ...block.header, timeMs: nowMs + 3_600_000 } }, [])).toBe('invalid')
  })

  test('batches of an earlier run are offered again, ordered and expired ones are not', async () => {
    await nodes[0]!.pool.submit([payment('x')])
    await until(() => nodes[0]!.log.kept.size === 1)
    const again = network()[0]!
    for (const [hex, stored] of nodes[0]!.log.kept) again.log.kept.set(hex, stored)
    await again.pool.start()
    expect(again.pool.waiting.batches).toBe(1)
    again.pool.stop()
    nowMs += 3_600_000
    const late = network()[0]!
    for (const [hex, stored] of nodes[0]!.log.kept) late.log.kept.set(hex, stored)
    await late.pool.start()
    expect(late.pool.waiting.batches).toBe(0)
    expect(late.log.kept.size).toBe(0)
    late.pool.stop()
  })

  test.each([
    ['TX_EXPIRED', -300_000],
    ['TX_VALIDITY_TOO_FAR', 3_600_000],
  ])('error: %s', async (problem, shiftMs) => {
    const bytes = encoded(signed([openAccount('x', 'customer')], { nowMs: nowMs + shiftMs }))
    expect(await nodes[0]!.pool.submit([bytes])).toMatchObject([{ status: 'refused', problem }])
  })

  test('error: a malformed message costs the peer its connection', async () => {
    nodes[0]!.pool.receive(1, Uint8Array.of(9, 9, 9))
    expect(nodes[0]!.cutOff).toEqual(['1 DATA_MESSAGE_MALFORMED'])
  })
})
