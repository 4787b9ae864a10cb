import { decode, encode } from '@tallystick/core/codec'
import { type ConsensusMessage, consensusMessage, decodeJournalRecord, signedVote } from '@tallystick/core/consensus'
import { MountainRange, signEd25519, taggedHash, verifyEd25519 } from '@tallystick/core/crypto'
import { Ledger } from '@tallystick/core/ledger'
import { blockHashOf, historyKind, historyLeaf } from '@tallystick/core/protocol'
import { afterEach, expect, test } from 'vitest'
import { genesis, ledger } from '../testing/test-chain.ts'
import type { ClockPort } from './ports.ts'
import { SimplexDriver } from './simplex-driver.ts'

const origin = Ledger.fromGenesis(genesis)
const history = new MountainRange(historyKind)
history.append(historyLeaf(origin.result.record))
const seed = taggedHash('test-seed', new TextEncoder().encode('consensus a'))

/** What a crash leaves, and a clock that the test moves. */
class Machine {
  records: Uint8Array[] = []
  reservation: { epoch: number; view: number } | undefined
  nowMs = 0
  readonly events: string[] = []
  sent: ConsensusMessage[] = []
  #timers: { atMs: number; run: () => void }[] = []

  readonly clock: ClockPort = {
    nowMs: () => this.nowMs,
    after: (delayMs, run) => {
      const timer = { atMs: this.nowMs + delayMs, run }
      this.#timers.push(timer)
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      }
    },
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms
    const due = this.#timers.filter(({ atMs }) => atMs <= this.nowMs)
    this.#timers = this.#timers.filter((timer) => !due.includes(timer))
    for (const { run } of due) run()
    await settled()
  }

  async start(): Promise<SimplexDriver> {
    const driver = this.#driver()
    running.push(driver)
    await driver.start()
    await settled()
    return driver
  }

  ownVotes(): string[] {
    return this.sent
      .flatMap(({ content }) =>
        content.kind === 'votes' ? content.votes : content.kind === 'proposal' ? [content.vote] : [],
      )
      .map((vote) => `${vote.vote.kind} ${encode(signedVote, vote).join()}`)
  }

  #driver(): SimplexDriver {
    return new SimplexDriver({
      clock: this.clock,
      consensus: {
        ledger,
        epoch: 0,
        validators: genesis.validators,
        self: 0,
        parameters: genesis.parameters.consensus,
        boundary: { header: origin.header, hash: blockHashOf(origin.header) },
        sign: (message) => signEd25519(message, seed),
        verify: verifyEd25519,
      },
      journal: {
        read: () => ({ records: this.records.slice(), damaged: false }),
        append: async (records) => {
          this.events.push('append')
          this.records.push(...records)
        },
        compact: async (live) => {
          this.events.push('compact')
          this.records = [...live]
        },
      },
      reservation: {
        read: () => this.reservation,
        raise: async (to) => {
          this.reservation = to
        },
      },
      network: {
        send: () => {},
        broadcast: (bytes) => {
          this.events.push('send')
          this.sent.push(decode(consensusMessage, bytes))
        },
        disconnect: () => {},
        subscribe: () => {},
      },
      application: {
        committed: () => ({ header: origin.header, finalization: undefined }),
        recentExecuted: () => [{ height: 0, stateRoot: origin.ledger.stateRoot, historyRoot: history.root() }],
        hasWork: () => true,
        buildPayload: async ({ parent }) => ({ payload: [], timeMs: parent.timeMs + 1 }),
        checkPayload: async () => 'valid',
        commit: async () => {},
        finalizedFrom: async () => undefined,
        blockByHash: async () => undefined,
        evidence: () => {},
        subscribe: () => {},
      },
      supervisor: {
        alarm: () => {},
        halted: () => {},
        fatal: (error) => {
          throw error
        },
      },
    })
  }
}

let running: SimplexDriver[] = []
afterEach(async () => {
  await Promise.all(running.map((driver) => driver.stop()))
  running = []
})

async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

const { deltaBaseMs, standstillMs } = genesis.parameters.consensus

test('after a restart the journal is compacted before anything is sent, and the same signatures go out after the listening time', async () => {
  const machine = new Machine()
  const before = await machine.start()
  for (let i = 0; i < 4; i++) await machine.pass(deltaBaseMs)
  await before.stop()
  const signed = new Set(machine.ownVotes())
  expect(signed.size).toBeGreaterThan(0)
  const records = machine.records.map(decodeJournalRecord)
  expect(records.filter(({ kind }) => kind === 'vote').length).toBe(signed.size)

  machine.sent = []
  machine.events.length = 0
  await machine.start()
  expect(machine.events[0]).toBe('compact')
  await machine.pass(standstillMs - 1)
  expect(machine.ownVotes()).toEqual([])
  await machine.pass(1)
  expect(new Set(machine.ownVotes())).toEqual(signed)
})
