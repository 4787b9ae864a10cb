import { randomBytes } from 'node:crypto'
import { equalBytes, toHex } from '@tallystick/core/codec'
import { signEd25519, verifyEd25519 } from '@tallystick/core/crypto'
import { Ledger } from '@tallystick/core/ledger'
import { blockHashOf, ledgerOf } from '@tallystick/core/protocol'
import { type ApiStats, createApi } from '../api/index.ts'
import { createNodePort, FinalChain, Ticker } from '../application/index.ts'
import { genesisText, type NodeHome } from '../config/index.ts'
import type { ExecutorHandle } from '../executor/index.ts'
import { Mempool, type MempoolPorts } from '../mempool/index.ts'
import { createNodeMetrics } from '../metrics/index.ts'
import type { PeerNetwork } from '../network/index.ts'
import { SimplexDriver } from '../simplex/index.ts'
import type { VerifierPool } from '../verifier/index.ts'
import { LastingAlarms } from './alarms.ts'
import { apiSettings } from './api-settings.ts'
import { consensusChannel, dataChannel } from './channels.ts'
import { describeClocks } from './clock-watch.ts'
import type { NodeFiles } from './files.ts'
import { FinalityWatch } from './finality-watch.ts'
import { createRefusalLog } from './refusal-log.ts'
import type { RunningNode } from './start-node.ts'
import type { StopList } from './stop-list.ts'
import { nodeVersion } from './version.ts'

/** How often work and alarms are looked at anew, since nothing else tells that a heartbeat is due or that nothing comes. */
const checkMs = 1_000

export interface Parts {
  readonly home: NodeHome
  readonly files: NodeFiles
  readonly verifier: VerifierPool
  readonly executor: ExecutorHandle
  readonly network: PeerNetwork
  readonly stops: StopList
  readonly log: (line: string) => void
  readonly fail: (error: Error) => void
}

function createMempool(
  { home, files, verifier, network, fail }: Parts,
  self: number | undefined,
  onTakenUp: MempoolPorts['onTakenUp'],
  onWork: () => void,
): Mempool {
  const { genesis, nodeKey } = home
  const config = {
    ledger: ledgerOf(genesis),
    parameters: genesis.parameters,
    validators: genesis.validators,
    self,
    nodeKey: nodeKey.publicKey,
    sign: (message: Uint8Array) => signEd25519(message, nodeKey.seed),
  }
  const final = { encodedBatches: (height: number) => [...(files.blocks.read(height)?.batches ?? [])] }
  const channel = dataChannel(network, genesis.validators)
  const mempool = new Mempool(config, {
    verifier,
    log: files.batches,
    final,
    network: channel,
    nowMs: Date.now,
    onTakenUp,
    onWork,
    onFailure: fail,
  })
  channel.subscribe((from, bytes) => mempool.receive(from, bytes))
  return mempool
}

function createDriver(
  { home, files, network, log, fail }: Parts,
  self: number | undefined,
  chain: FinalChain,
  onHalt: (diagnosis: { code: string; detail: string }) => void,
): SimplexDriver {
  const { genesis, consensusKey } = home
  const { header } = Ledger.fromGenesis(genesis)
  return new SimplexDriver({
    consensus: {
      ledger: ledgerOf(genesis),
      epoch: 0,
      validators: genesis.validators,
      self,
      parameters: genesis.parameters.consensus,
      boundary: { header, hash: blockHashOf(header) },
      sign: (message) => signEd25519(message, consensusKey!.seed),
      verify: verifyEd25519,
    },
    journal: files.journal,
    reservation: files.reservation,
    network: consensusChannel(network, genesis.validators),
    application: chain,
    supervisor: {
      alarm: (code, detail) => log(`alarm ${code}: ${detail}`),
      halted: (diagnosis) => {
        log(`halted ${diagnosis.code}: ${diagnosis.detail}`)
        onHalt(diagnosis)
      },
      fatal: (error) => fail(error as Error),
    },
  })
}

/** What looks for alarms that last. */
function alarmWatch(
  { home, network }: Parts,
  self: number | undefined,
  driver: SimplexDriver,
  alarms: LastingAlarms,
): () => void {
  const { validators, parameters } = home.genesis
  const names = new Map(home.config.peers.known.map(({ name, nodeKey }) => [toHex(nodeKey), name]))
  const nameOf = (key: string): string => names.get(key) ?? key
  const finality = new FinalityWatch()
  return () => {
    const clocks = new Map([...network.clocks()].map(([key, aheadMs]) => [nameOf(key), aheadMs]))
    alarms.set('CLOCK_OFF', describeClocks(clocks, names.size, parameters.consensus.clockDriftMaxMs))
    const { working, finalizedHeight, view } = driver.status()
    const others = validators.flatMap(({ nodeKey }, index) =>
      index === self ? [] : [{ name: nameOf(toHex(nodeKey)), silenceMs: driver.silenceMs(index) }],
    )
    const signs = { nowMs: performance.now(), working, finalizedHeight, view, others }
    alarms.set('NO_FINALITY', finality.look(signs, Date.now()))
  }
}

/** Joins the started parts to a running node. Every part that it starts is on the stop list. */
export async function joinParts(parts: Parts): Promise<RunningNode> {
  const { home, files, verifier, executor, network, stops, log, fail } = parts
  const { config, genesis, nodeKey, consensusKey } = home
  const index = genesis.validators.findIndex(
    ({ consensusKey: key }) => consensusKey && equalBytes(key, consensusKey.publicKey),
  )
  const self = index < 0 ? undefined : index
  let halted: { code: string; detail: string } | undefined

  let workChanged = (): void => {}
  let ticker: Ticker | undefined
  const mempool = createMempool(
    parts,
    self,
    (transactions) => chain.takenUp(transactions),
    () => workChanged(),
  )
  let apiStats: (() => ApiStats) | undefined
  const metrics = createNodeMetrics({
    heights: () => chain.heights.current,
    consensus: () => driver.status(),
    mempool: () => ({ ...mempool.waiting, counters: mempool.counters }),
    peersConnected: () => network.connected('consensus').length,
    network: () => network.stats(),
    verifierPending: () => verifier.pending,
    api: () => apiStats?.(),
  })
  const chain = await FinalChain.open({
    genesis,
    genesisHeader: Ledger.fromGenesis(genesis).header,
    blocks: files.blocks,
    executor,
    mempool,
    nowMs: Date.now,
    orderableWaitMs: () => driver.status().deltaMs,
    onExecuted: ({ results, timeMs }) => {
      ticker?.executed(timeMs)
      metrics.blocksExecuted.inc()
      metrics.transactionsExecuted.inc(results.length)
    },
    onEvidence: ({ signer, view, epoch }) =>
      log(`evidence: validator ${signer} signed twice in view ${view} of epoch ${epoch}`),
    onCommitted: (durationMs) => metrics.commitSeconds.observe(durationMs / 1_000),
    onFailure: fail,
  })
  const driver = createDriver(parts, self, chain, (diagnosis) => {
    halted = { code: diagnosis.code, detail: diagnosis.detail }
  })
  const peers = config.peers.known.map(({ name, nodeKey: key }) => ({ name, key }))

  stops.add(() => chain.settled())
  workChanged = () => chain.workChanged()
  await network.start()
  await mempool.start()
  stops.add(() => mempool.stop())
  await driver.start()
  stops.add(() => driver.stop())
  const alarms = new LastingAlarms(log)
  const lookAround = alarmWatch(parts, self, driver, alarms)
  const checks = setInterval(() => {
    workChanged()
    lookAround()
  }, checkMs)
  stops.add(() => clearInterval(checks))
  if (self !== undefined) {
    const started = new Ticker(
      {
        ledger: ledgerOf(genesis),
        self,
        validator: genesis.validators[self]!,
        nodeSeed: nodeKey.seed,
        nowMs: Date.now,
        newNonce: () => new Uint8Array(randomBytes(16)),
        dueWork: async (timeMs) => chain.expiryUnproven(timeMs) || executor.query('dueWork', timeMs),
        busy: () => mempool.hasWork() || chain.heights.current.executed < chain.heights.current.final,
        submit: (encoded) => mempool.submit('one', encoded),
      },
      fail,
    )
    ticker = started
    stops.add(() => started.stop())
  }

  const port = createNodePort({
    genesis,
    genesisText: genesisText(genesis),
    chain,
    blocks: files.blocks,
    executor,
    mempool,
    metrics: () => metrics.text(),
    status: () => {
      const { epoch, view, peersFinalizedHeight, finalizedHeight } = driver.status()
      const up = new Set(network.connected('consensus'))
      return {
        name: config.name,
        version: nodeVersion,
        role: self === undefined ? 'observer' : 'validator',
        epoch,
        view,
        peers: peers.map(({ name, key }) => ({ name, connected: up.has(Buffer.from(key).toString('hex')) })),
        syncing: peersFinalizedHeight > finalizedHeight + 2,
        halted,
        alarms: alarms.active,
      }
    },
  })
  const api = await createApi(port, apiSettings(home, log, createRefusalLog(log)))
  apiStats = () => api.stats()
  stops.add(() => api.close())
  const apiUrl = await api.listen()
  log(`listening: api ${apiUrl}`)
  return { name: config.name, apiUrl, stop: () => stops.stop() }
}
