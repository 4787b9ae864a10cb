import { encode } from '@tallystick/core/codec'
import { consensusMessage } from '@tallystick/core/consensus'
import { MountainRange, verifyEd25519 } from '@tallystick/core/crypto'
import { Ledger } from '@tallystick/core/ledger'
import { blockHashOf, historyKind, historyLeaf } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { genesis, ledger } from '../testing/test-chain.ts'
import type { NetworkHandlers } from './ports.ts'
import { SimplexDriver } from './simplex-driver.ts'

const { header, ...origin } = Ledger.fromGenesis(genesis)
const history = new MountainRange(historyKind)
history.append(historyLeaf(origin.result.record))
const roots = { height: 0, stateRoot: origin.ledger.stateRoot, historyRoot: history.root() }

/** Every look at this clock takes so long. */
const stepMs = 4
const requests = 100

test('many inputs at once leave the event loop its turns, and stay in order', async () => {
  let nowMs = 0
  let turn = 0
  let handlers: NetworkHandlers | undefined
  const served: { height: number; turn: number }[] = []
  const unused = (): never => {
    throw new Error('not expected here')
  }
  const driver = new SimplexDriver({
    clock: {
      nowMs: () => {
        nowMs += stepMs
        return nowMs
      },
      after: () => () => {},
    },
    consensus: {
      ledger,
      epoch: 0,
      validators: genesis.validators,
      self: undefined,
      parameters: genesis.parameters.consensus,
      boundary: { header, hash: blockHashOf(header) },
      sign: unused,
      verify: verifyEd25519,
    },
    journal: { read: () => ({ records: [], damaged: false }), append: async () => {}, compact: async () => {} },
    reservation: { read: () => undefined, raise: async () => {} },
    network: {
      send: () => {},
      broadcast: () => {},
      disconnect: unused,
      subscribe: (given) => {
        handlers = given
      },
    },
    application: {
      committed: () => ({ header, finalization: undefined }),
      recentExecuted: () => [roots],
      hasWork: () => false,
      buildPayload: unused,
      checkPayload: unused,
      commit: unused,
      finalizedFrom: async (height) => {
        served.push({ height, turn })
        return undefined
      },
      blockByHash: unused,
      evidence: unused,
      subscribe: () => {},
    },
    supervisor: { alarm: unused, halted: unused, fatal: unused },
  })
  await driver.start()
  for (let fromHeight = 1; fromHeight <= requests; fromHeight++) {
    const content = { kind: 'requestFinalized', fromHeight } as const
    const bytes = encode(consensusMessage, { epoch: 0, executedHeight: 0, finalizedHeight: 0, content })
    handlers!.message({ id: 'a', validator: 0 }, bytes)
  }
  while (served.length < requests && turn < 1_000) {
    await new Promise((resolve) => setImmediate(resolve))
    turn++
  }
  await driver.stop()
  expect(served.map(({ height }) => height)).toEqual(Array.from({ length: requests }, (_, i) => i + 1))
  expect(new Set(served.map((each) => each.turn)).size).toBeGreaterThan(2)
})
