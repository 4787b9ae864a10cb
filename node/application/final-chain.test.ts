import type { Commit } from '@tallystick/core/consensus'
import { Ledger } from '@tallystick/core/ledger'
import { type Block, blockHashOf, type Finalization, type Header, payloadRootOf } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import type { ExecutorHandle } from '../executor/index.ts'
import type { Mempool } from '../mempool/index.ts'
import { genesis } from '../testing/test-chain.ts'
import { FinalChain } from './final-chain.ts'
import type { LocatedRecord } from './ports.ts'

const origin = Ledger.fromGenesis(genesis)

function chainOf(count: number): Block[] {
  const blocks: Block[] = []
  let parent: Header = origin.header
  for (let i = 0; i < count; i++) {
    const payload: Block['payload'] = []
    const header = {
      ...parent,
      height: parent.height + 1,
      parent: blockHashOf(parent),
      payloadRoot: payloadRootOf(payload),
    }
    blocks.push({ header, payload })
    parent = header
  }
  return blocks
}

const finalization = {
  kind: 'finalization',
  proposal: {
    epoch: 0,
    view: 1,
    parentView: 0,
    parentHash: new Uint8Array(32),
    blockHash: new Uint8Array(32),
    justificationHash: new Uint8Array(32),
  },
  quorum: { scheme: 'ed25519-list', signers: Uint8Array.of(0), signatures: [] },
} as unknown as Finalization

/** A chain on files in memory, whose batches come when the test says so. */
async function openChain() {
  const stored: LocatedRecord[] = []
  const executed: number[] = []
  const wanted: number[] = []
  const came = new Map<number, () => void>()
  const here = new Set<number>()
  let open = false
  const failures: Error[] = []
  const chain = await FinalChain.open({
    genesis,
    genesisHeader: origin.header,
    blocks: {
      get height() {
        return stored.length
      },
      append(record) {
        const location = { segment: 1, offset: record.height }
        stored.push({ ...record, location })
        return location
      },
      sync: async () => {},
      read: (height) => stored[height - 1],
      readBlock: (height) => stored[height - 1]?.block,
    },
    executor: {
      openedHeight: 0,
      execute: async () => {
        const height = executed.length + 1
        executed.push(height)
        const roots = { height, stateRoot: new Uint8Array(32), historyRoot: new Uint8Array(32) }
        const nothing = new Uint8Array(0)
        return { roots, timeMs: 0, ids: nothing, results: nothing, skipped: [], stateChanged: false }
      },
      query: async () => undefined,
    } as unknown as ExecutorHandle,
    mempool: {
      ensureHeld: (_: unknown, height: number) => {
        wanted.push(height)
        if (open || here.has(height)) return Promise.resolve()
        return new Promise<void>((resolve) => came.set(height, resolve))
      },
      batchesOf: () => [],
      markOrdered: () => {},
      hasWork: () => false,
    } as unknown as Mempool,
    nowMs: Date.now,
    orderableWaitMs: () => 0,
    onExecuted: () => {},
    onEvidence: () => {},
    onCommitted: () => {},
    onFailure: (error) => failures.push(error),
  })
  const arrive = async (height: number): Promise<void> => {
    here.add(height)
    came.get(height)?.()
    for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  const commit = (blocks: readonly Block[], following: readonly Block[] = []): Promise<void> =>
    chain.commit({ blocks, finalization, path: [] } as Commit, following)
  return { chain, commit, arrive, stored, executed, wanted, failures, letAllCome: () => (open = true) }
}

test('the batches of the blocks that come next are asked for before those of the first are here', async () => {
  const { commit, arrive, wanted } = await openChain()
  const blocks = chainOf(6)
  const done = commit(blocks.slice(0, 2), blocks.slice(2))
  expect(wanted).toEqual([2, 1])
  await arrive(1)
  expect(wanted).toEqual([2, 1, 3, 4, 2])
  await arrive(2)
  await done
})

test('of a long commit, what is here is stored and executed while the rest is still missing', async () => {
  const { chain, commit, arrive, executed, failures, letAllCome } = await openChain()
  const done = commit(chainOf(150))
  for (let height = 1; height <= 100; height++) await arrive(height)
  expect(executed.length).toBeGreaterThanOrEqual(64)
  expect(chain.heights.current.final).toBe(executed.length)
  expect(chain.certified.header.height).toBe(0)
  letAllCome()
  for (let height = 101; height <= 150; height++) await arrive(height)
  await done
  await chain.settled()
  expect(executed.length).toBe(150)
  expect(chain.heights.current.final).toBe(150)
  expect(chain.certified.header.height).toBe(150)
  expect(failures).toEqual([])
})
