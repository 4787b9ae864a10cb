import { decode, encode, fromHex, toHex } from '@tallystick/core/codec'
import { signEd25519 } from '@tallystick/core/crypto'
import {
  type BatchHeader,
  type Block,
  batch,
  batchBytesMax,
  batchHeader,
  type Header,
  payloadRootOf,
  submission,
} from '@tallystick/core/protocol'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accountOf, encoded, genesis, ledger, nodeSeed, openAccount, signed } from '../testing/test-chain.ts'
import { checkBatch, checkList, checkSingles } from '../verifier/index.ts'
import { backlogStepsFloor, peerArrivingBytesMax } from './limits.ts'
import { Mempool } from './mempool.ts'
import { dataMessage } from './messages.ts'
import type { BatchLogPort, MempoolPorts } from './ports.ts'

const { validators, parameters } = genesis
const rules = { ledger, block: parameters.block }
let nowMs = genesis.timeMs

const verifier: MempoolPorts['verifier'] = {
  verifyList: async (bytes, gate) => checkList(rules, gate, bytes),
  verifyOne: async (encoded, gate) => {
    const checked = checkSingles(rules, gate, encoded, Uint32Array.of(encoded.length))
    return { checked, index: 0, encoded }
  },
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
  takenUp: number
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
      onTakenUp: ({ count }) => {
        nodes[self]!.takenUp += count
      },
      onWork: () => {},
      onFailure: (error) => {
        throw error
      },
    }
    const sign = (message: Uint8Array): Uint8Array => signEd25519(message, nodeSeed(self))
    const pool = new Mempool({ ledger, parameters, validators, self, nodeKey: validators[self]!.nodeKey, sign }, ports)
    nodes.push({ pool, log, up: true, takenUp: 0, cutOff: [] })
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

const answered = (...transactions: object[]) => ({ kind: 'answered', transactions })

async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !what(); turn++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(what()).toBe(true)
}

function blockOf(digests: ReturnType<Mempool['select']>): Block {
  const payload = digests.map((digest) => ({ kind: 'batch', digest }) as const)
  const header = { payloadCount: payload.length, payloadRoot: payloadRootOf(payload), timeMs: nowMs } as Header
  return { header, payload }
}

/** A mempool whose batches are checked when the test says so, and found bad. */
function slowlyChecking(): { receiver: Mempool; calls: string[]; checks: (() => void)[] } {
  const calls: string[] = []
  const checks: (() => void)[] = []
  const refused = { problem: 'BATCH_MALFORMED', detail: 'as the test says', authentic: undefined } as const
  const ports: MempoolPorts = {
    verifier: {
      ...verifier,
      verifyBatch: () => new Promise((resolve) => void checks.push(() => resolve(refused))),
    },
    log: new MemoryLog(),
    final: { encodedBatches: () => [] },
    network: {
      connected: () => [1, 2, 3],
      send: () => {},
      broadcast: () => {},
      pause: (peer) => void calls.push(`pause ${peer}`),
      resume: (peer) => void calls.push(`resume ${peer}`),
      disconnect: () => {},
    },
    nowMs: () => nowMs,
    onTakenUp: () => {},
    onWork: () => {},
    onFailure: (error) => {
      throw error
    },
  }
  const sign = (message: Uint8Array): Uint8Array => signEd25519(message, nodeSeed(0))
  const { nodeKey } = validators[0]!
  return { receiver: new Mempool({ ledger, parameters, validators, self: 0, nodeKey, sign }, ports), calls, checks }
}

/** A message with a batch that has a header of its own, and is as large as one may be. */
function largestBatch(sequence: number): Uint8Array {
  const bytes = new Uint8Array(batchBytesMax)
  const header: BatchHeader = {
    version: 1,
    ledger,
    epoch: 0,
    author: validators[1]!.nodeKey,
    sequence,
    expiresMs: nowMs + 600_000,
    count: 1,
    bytes: batchBytesMax,
    steps: 1,
    writtenBytes: 1,
    root: new Uint8Array(32) as BatchHeader['root'],
  }
  bytes.set(encode(batchHeader, header))
  return encode(dataMessage, { kind: 'batch', encoded: bytes })
}

describe('mempool', () => {
  test('a transaction becomes a batch that every validator can propose and finds valid', async () => {
    expect(await nodes[0]!.pool.submit('one', payment('x'))).toMatchObject(answered({ status: 'received' }))
    await until(() => nodes.every(({ pool }) => pool.select(nowMs, []).length === 1))
    const block = blockOf(nodes[2]!.pool.select(nowMs, []))
    for (const { pool } of nodes) expect(await pool.check(block, [])).toBe('valid')
  })

  test('the same copy is taken once, wherever it is', async () => {
    const bytes = payment('x')
    await nodes[0]!.pool.submit('one', bytes)
    expect(await nodes[0]!.pool.submit('one', bytes)).toMatchObject(answered({ status: 'duplicate' }))
    await until(() => nodes[1]!.pool.waiting.batches === 1)
    expect(await nodes[1]!.pool.submit('one', bytes)).toMatchObject(answered({ status: 'duplicate' }))
  })

  test('a batch that only a minority holds is not proposed, and is announced until others hold it', async () => {
    for (const node of nodes.slice(1)) node.up = false
    await nodes[0]!.pool.submit('one', payment('x'))
    await until(() => nodes[0]!.pool.waiting.batches === 1)
    expect(nodes[0]!.pool.select(nowMs, [])).toEqual([])
    expect(nodes[0]!.pool.hasWork()).toBe(true)
    for (const node of nodes.slice(1, 3)) node.up = true
    nowMs += 1_000
    await until(() => nodes[0]!.pool.select(nowMs, []).length === 1)
  })

  test('a missing batch is fetched before a proposal is judged', async () => {
    nodes[3]!.up = false
    await nodes[0]!.pool.submit('one', payment('x'))
    await until(() => nodes[1]!.pool.select(nowMs, []).length === 1)
    const block = blockOf(nodes[1]!.pool.select(nowMs, []))
    nodes[3]!.up = true
    expect(await nodes[3]!.pool.check(block, [])).toBe('valid')
  })

  test('a digest counts once along a path and once for ever', async () => {
    await nodes[0]!.pool.submit('one', payment('x'))
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
    await nodes[0]!.pool.submit('one', payment('x'))
    const { pool } = nodes[0]!
    await until(() => pool.select(nowMs, []).length === 1)
    const block = blockOf(pool.select(nowMs, []))
    expect(await pool.check({ ...block, header: { ...block.header, payloadCount: 2 } }, [])).toBe('invalid')
    expect(await pool.check({ ...block, header: { ...block.header, timeMs: nowMs + 3_600_000 } }, [])).toBe('invalid')
  })

  test('batches of an earlier run are offered again, ordered and expired ones are not', async () => {
    await nodes[0]!.pool.submit('one', payment('x'))
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

  test('what is received is durable, and taken up after a restart', async () => {
    await nodes[0]!.pool.submit('one', payment('x'))
    expect(nodes[0]!.log.kept.size).toBe(1)
    const [again, other] = network()
    for (const node of [again!, other!]) for (const [hex, stored] of nodes[0]!.log.kept) node.log.kept.set(hex, stored)
    await again!.pool.start()
    await other!.pool.start()
    // The author answers for it; to the others it is one batch among many.
    expect([again!.takenUp, other!.takenUp]).toEqual([1, 0])
    again!.pool.stop()
    other!.pool.stop()
  })

  test('what is still valid when its batch ends unordered goes into a new batch of its author', async () => {
    for (const node of nodes.slice(1)) node.up = false
    const ticket = { account: accountOf('x'), number: 0 }
    const validUntilMs = nowMs + 86_400_000
    await nodes[0]!.pool.submit('one', encoded(signed([openAccount('x', 'customer')], { nowMs, ticket, validUntilMs })))
    await nodes[0]!.pool.submit('one', payment('y'))
    await until(() => nodes[0]!.log.kept.size === 2)
    const before = [...nodes[0]!.log.kept.keys()]
    nowMs += 3_600_000
    nodes[0]!.pool.markOrdered(nowMs, [])
    await until(() => nodes[0]!.log.kept.size === 1 && nodes[0]!.pool.waiting.transactions === 0)
    const [hex, stored] = [...nodes[0]!.log.kept][0]!
    expect(before).not.toContain(hex)
    expect(decode(batch, stored.encoded).transactions.map(({ body }) => body.validUntilMs)).toEqual([validUntilMs])

    // The same after a stop that outlasted the batch.
    nowMs += 3_600_000
    const again = network()[0]!
    again.log.kept.set(hex, { digest: fromHex(hex), encoded: stored.encoded })
    await again.pool.start()
    await until(() => again.log.kept.size === 1 && !again.log.kept.has(hex))
    again.pool.stop()
  })

  test('beyond what becomes final within seconds all is refused unlooked at, until there is room', async () => {
    for (const node of nodes.slice(1)) node.up = false
    const { pool } = nodes[0]!
    const large = () => {
      const value = signed([openAccount('x', 'customer')], { nowMs, steps: backlogStepsFloor - 100 })
      return encoded(value)
    }
    expect(await pool.submit('one', large())).toMatchObject(answered({ status: 'received' }))
    const small = signed([openAccount('y', 'customer')], { nowMs })
    const two = encode(submission, [small, signed([openAccount('z', 'customer')], { nowMs, steps: 1_000 })])
    // Room for one more, whatever it declares; then for none.
    expect(await pool.submit('list', encode(submission, [small]))).toMatchObject(answered({ status: 'received' }))
    expect(await pool.submit('one', payment('a'))).toMatchObject(answered({ status: 'received' }))
    const refused = { kind: 'refused', problem: 'MEMPOOL_FULL', retryAfterSeconds: 1 }
    expect(await pool.submit('list', two)).toMatchObject(refused)
    expect(await pool.submit('one', Uint8Array.of(1))).toMatchObject(refused)
    for (const node of nodes) node.up = true
    nowMs += 1_000
    await until(() => pool.select(nowMs, []).length > 0)
    pool.markOrdered(nowMs, pool.batchesOf(blockOf(pool.select(nowMs, []))))
    expect(await pool.submit('list', two)).toMatchObject(answered({ status: 'received' }, { status: 'received' }))
  })

  test('whatever another one withholds, a node can take its own part', async () => {
    const bytes = encoded(signed([openAccount('x', 'customer')], { nowMs, steps: 3_000_000 }))
    for (const node of nodes.slice(2)) node.up = false
    await nodes[1]!.pool.submit('one', bytes)
    await until(() => nodes[0]!.pool.waiting.batches === 1)
    expect(await nodes[0]!.pool.submit('one', payment('y'))).toMatchObject(answered({ status: 'received' }))
    expect(await nodes[1]!.pool.submit('one', payment('z'))).toMatchObject({ problem: 'MEMPOOL_FULL' })
  })

  test('a peer whose batches wait to be checked is not read on, until they are', async () => {
    const { receiver, calls, checks } = slowlyChecking()
    const parts = Math.floor(peerArrivingBytesMax / batchBytesMax)
    for (let sequence = 0; sequence < parts; sequence++) receiver.receive(1, largestBatch(sequence))
    expect(calls).toEqual([])
    receiver.receive(1, largestBatch(parts))
    receiver.receive(2, largestBatch(parts + 1))
    expect(calls).toEqual(['pause 1'])
    for (const check of checks.splice(0)) check()
    await until(() => calls.at(-1) === 'resume 1')
    receiver.stop()
  })

  test('error: a malformed submission is no fault of the node', async () => {
    expect(await nodes[0]!.pool.submit('one', Uint8Array.of(1, 2))).toMatchObject({ kind: 'malformed' })
    expect(await nodes[0]!.pool.submit('list', Uint8Array.of(1, 2))).toMatchObject({ kind: 'malformed' })
  })

  test.each([
    ['TX_EXPIRED', -300_000],
    ['TX_VALIDITY_TOO_FAR', 3_600_000],
  ])('error: %s', async (problem, shiftMs) => {
    const bytes = encoded(signed([openAccount('x', 'customer')], { nowMs: nowMs + shiftMs }))
    expect(await nodes[0]!.pool.submit('one', bytes)).toMatchObject(answered({ status: 'refused', problem }))
  })

  test('error: a malformed message costs the peer its connection', async () => {
    nodes[0]!.pool.receive(1, Uint8Array.of(9, 9, 9))
    expect(nodes[0]!.cutOff).toEqual(['1 DATA_MESSAGE_MALFORMED'])
  })
})
