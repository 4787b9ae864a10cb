import { decode } from '@tallystick/core/codec'
import { type ConsensusMessage, consensusMessage, type Peer } from '@tallystick/core/consensus'
import { MountainRange, signEd25519, taggedHash, verifyEd25519 } from '@tallystick/core/crypto'
import { Ledger } from '@tallystick/core/ledger'
import { type Block, blockHashOf, type ExecutedRoots, historyKind, historyLeaf } from '@tallystick/core/protocol'
import { afterEach, describe, expect, test } from 'vitest'
import { genesis, ledger } from '../testing/test-chain.ts'
import type { NetworkHandlers } from './ports.ts'
import { SimplexDriver } from './simplex-driver.ts'

const start = Ledger.fromGenesis(genesis)
const boundary = { header: start.header, hash: blockHashOf(start.header) }
const history = new MountainRange(historyKind)
history.append(historyLeaf(start.result.record))
const genesisRoots: ExecutedRoots = { height: 0, stateRoot: start.ledger.stateRoot, historyRoot: history.root() }
const seeds = ['a', 'b', 'c', 'd'].map((name) => taggedHash('test-seed', new TextEncoder().encode(`consensus ${name}`)))

interface TestValidator {
  readonly driver: SimplexDriver
  readonly committed: Block[]
  readonly journal: Uint8Array[]
  readonly sent: { readonly journaled: number; readonly message: ConsensusMessage }[]
  readonly cutOff: string[]
  /** Heights that were neither committed nor named as ancestors when a block above them was chosen or checked. */
  readonly overlooked: number[]
  readonly fatal: unknown[]
  handlers: NetworkHandlers | undefined
}

interface Faults {
  readonly failJournal?: boolean
  /** The payload that this validator has to order. */
  readonly hasWork?: boolean
  /** How long the ledger's side takes to store a final block. */
  readonly commitMs?: number
}

function validators(faultsOf: (self: number) => Faults = () => ({})): TestValidator[] {
  const all: TestValidator[] = []
  for (const [self, seed] of seeds.entries()) {
    const faults = faultsOf(self)
    const validator: Omit<TestValidator, 'driver'> = {
      committed: [],
      journal: [],
      sent: [],
      cutOff: [],
      overlooked: [],
      fatal: [],
      handlers: undefined,
    }
    const peer = (index: number): Peer => ({ id: String(index), validator: index })
    const send = (to: number, bytes: Uint8Array): void => {
      validator.sent.push({ journaled: validator.journal.length, message: decode(consensusMessage, bytes) })
      setImmediate(() => all[to]!.handlers?.message(peer(self), bytes))
    }
    const noteOverlooked = (parentHeight: number, ancestors: readonly Block[]): void => {
      const known = new Set([...validator.committed, ...ancestors].map(({ header }) => header.height))
      for (let height = 1; height <= parentHeight; height++) if (!known.has(height)) validator.overlooked.push(height)
    }
    let reservation: { epoch: number; view: number } | undefined
    const driver = new SimplexDriver({
      consensus: {
        ledger,
        epoch: 0,
        validators: genesis.validators,
        self,
        parameters: genesis.parameters.consensus,
        boundary,
        sign: (message) => signEd25519(message, seed),
        verify: verifyEd25519,
      },
      journal: {
        read: () => ({ records: [], damaged: false }),
        append: async (records) => {
          if (faults.failJournal) throw new Error('the disk is full')
          await new Promise((resolve) => setImmediate(resolve))
          validator.journal.push(...records)
        },
        compact: async () => {},
      },
      reservation: {
        read: () => reservation,
        raise: async (to) => {
          reservation = to
        },
      },
      network: {
        send: (to, bytes) => send(Number(to), bytes),
        broadcast: (bytes) => {
          for (const to of seeds.keys()) if (to !== self) send(to, bytes)
        },
        disconnect: (to, reason) => void validator.cutOff.push(`${to} ${reason}`),
        subscribe(handlers) {
          Object.assign(own, { handlers })
          for (const index of seeds.keys()) if (index !== self) handlers.connected(peer(index))
        },
      },
      application: {
        committed: () => ({ header: start.header, finalization: undefined }),
        recentExecuted: () => [genesisRoots],
        hasWork: () => (faults.hasWork ?? true) && own.committed.length === 0,
        buildPayload: async ({ parent, ancestors }) => {
          noteOverlooked(parent.height, ancestors)
          return { payload: [], timeMs: parent.timeMs + 1 }
        },
        checkPayload: async ({ header }, ancestors) => {
          noteOverlooked(header.height - 1, ancestors)
          return 'valid'
        },
        commit: async ({ blocks }) => {
          if (faults.commitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, faults.commitMs))
          own.committed.push(...blocks)
        },
        finalizedFrom: async () => undefined,
        blockByHash: async () => undefined,
        evidence: () => {},
        subscribe: () => {},
      },
      supervisor: { alarm: () => {}, halted: () => {}, fatal: (error) => void validator.fatal.push(error) },
    })
    const own: TestValidator = Object.assign(validator, { driver })
    all.push(own)
  }
  return all
}

let running: TestValidator[] = []
afterEach(() => Promise.all(running.map(({ driver }) => driver.stop())))

async function until(what: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2_000 && !what(); turn++) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(what()).toBe(true)
}

describe('simplex driver', () => {
  test('four drivers commit the same first block', async () => {
    running = validators()
    for (const { driver } of running) await driver.start()
    await until(() => running.every(({ committed }) => committed.length > 0))
    const first = running.map(({ committed }) => blockHashOf(committed[0]!.header))
    expect(new Set(first.map(String)).size).toBe(1)
  })

  test('no vote leaves before something of its turn is in the journal', async () => {
    running = validators()
    for (const { driver } of running) await driver.start()
    await until(() => running.every(({ committed }) => committed.length > 0))
    const votes = running.flatMap(({ sent }) =>
      sent.filter(({ message }) => message.content.kind === 'proposal' || message.content.kind === 'votes'),
    )
    expect(votes.length).toBeGreaterThan(0)
    for (const { journaled } of votes) expect(journaled).toBeGreaterThan(0)
  })

  test('a failed journal is fatal, and nothing of its turn is sent', async () => {
    running = validators((self) => ({ failJournal: self === 0 }))
    for (const { driver } of running) await driver.start()
    await until(() => running[0]!.fatal.length > 0)
    const spoken = running[0]!.sent.filter(({ message }) => ['proposal', 'votes'].includes(message.content.kind))
    expect(spoken).toEqual([])
    await until(() => running.slice(1).every(({ committed }) => committed.length > 0))
  })

  test('a payload is chosen and checked knowing of every final block that is still being stored', async () => {
    running = validators(() => ({ commitMs: 300 }))
    for (const { driver } of running) await driver.start()
    await until(() => running.every(({ committed }) => committed.length >= 4))
    expect(running.flatMap(({ overlooked }) => overlooked)).toEqual([])
  })

  test('error: a malformed message costs the peer its connection', async () => {
    running = validators()
    await running[0]!.driver.start()
    running[0]!.handlers!.message({ id: '3', validator: 3 }, Uint8Array.of(1, 2, 3))
    expect(running[0]!.cutOff).toEqual(['3 CONSENSUS_MESSAGE_MALFORMED'])
  })
})
