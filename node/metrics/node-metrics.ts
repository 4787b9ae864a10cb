import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Figures that are read when Prometheus asks. */
export interface MetricSources {
  heights(): { readonly final: number; readonly executed: number; readonly proven: number }
  consensus(): {
    readonly view: number
    readonly leader: number
    readonly deltaMs: number
    readonly viewsTimedOut: number
    readonly evidenceFound: number
    readonly halted: boolean
  }
  mempool(): {
    readonly transactions: number
    readonly bytes: number
    readonly batches: number
    readonly missing: number
    readonly counters: Readonly<Record<string, number>>
  }
  peersConnected(): number
  /** Named figures of the network, such as bytes and refused connections. */
  network(): Readonly<Record<string, number>>
  verifierPending(): number
  /** Nothing before the API listens. */
  api():
    | {
        readonly connections: number
        readonly inFlightBytes: number
        readonly streams: number
        readonly waitingIds: number
        readonly waitingViews: number
        readonly refusals: Readonly<Record<string, number>>
      }
    | undefined
}

export interface NodeMetrics {
  /** Prometheus' text format. */
  text(): Promise<string>
  readonly transactionsExecuted: Counter
  readonly blocksExecuted: Counter
  readonly commitSeconds: Histogram
}

const disconnectPrefix = 'disconnects_'

function disconnectsIn(stats: Readonly<Record<string, number>>): Record<string, number> {
  const ended = Object.entries(stats).filter(([name]) => name.startsWith(disconnectPrefix))
  return Object.fromEntries(ended.map(([name, count]) => [name.slice(disconnectPrefix.length), count]))
}

/** The node's metrics: every queue and height, so that a stall shows where it is. */
export function createNodeMetrics(sources: MetricSources): NodeMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'tallystick_' })

  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `tallystick_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  const labelled = (name: string, help: string, read: () => Readonly<Record<string, number>>): void => {
    new Gauge({
      name: `tallystick_${name}`,
      help,
      labelNames: ['what'],
      registers: [registry],
      collect() {
        for (const [what, value] of Object.entries(read())) this.set({ what }, value)
      },
    })
  }

  const counted = (name: string, help: string, read: () => Readonly<Record<string, number>>): void => {
    new Counter({
      name: `tallystick_${name}`,
      help,
      labelNames: ['code'],
      registers: [registry],
      collect() {
        this.reset()
        for (const [code, value] of Object.entries(read())) this.inc({ code }, value)
      },
    })
  }

  gauge('height_final', 'Newest final block', () => sources.heights().final)
  gauge('height_executed', 'Newest executed block', () => sources.heights().executed)
  gauge('height_proven', 'Newest block whose roots a certified header carries', () => sources.heights().proven)
  gauge('consensus_view', 'Current view', () => sources.consensus().view)
  gauge('consensus_leader', 'Index of the leader of the current view', () => sources.consensus().leader)
  gauge('consensus_delta_milliseconds', 'Current network delay bound', () => sources.consensus().deltaMs)
  gauge('consensus_views_timed_out', 'Views that ended by timeout', () => sources.consensus().viewsTimedOut)
  gauge('consensus_evidence_found', 'Proofs of misbehaviour found', () => sources.consensus().evidenceFound)
  gauge('consensus_halted', '1 if the engine stopped for good', () => (sources.consensus().halted ? 1 : 0))
  gauge('mempool_transactions', 'Transactions that wait for a batch', () => sources.mempool().transactions)
  gauge('mempool_bytes', 'Bytes of transactions that wait for a batch', () => sources.mempool().bytes)
  gauge('mempool_batches', 'Batches not yet in a final block', () => sources.mempool().batches)
  gauge('mempool_missing_batches', 'Batches that are being fetched', () => sources.mempool().missing)
  labelled('mempool_total', 'Counts since the start', () => sources.mempool().counters)
  gauge('verifier_pending', 'Requests that wait for a verifier thread', () => sources.verifierPending())
  gauge('peers_connected', 'Validators connected', () => sources.peersConnected())
  gauge('api_connections', 'Open connections of clients', () => sources.api()?.connections ?? 0)
  gauge('api_in_flight_bytes', 'Bodies that arrive and answers that leave', () => sources.api()?.inFlightBytes ?? 0)
  gauge('api_streams', 'Open event streams', () => sources.api()?.streams ?? 0)
  gauge('api_waiting_ids', 'Transactions that requests wait for', () => sources.api()?.waitingIds ?? 0)
  gauge('api_views_waiting', 'Calls of views that wait for others', () => sources.api()?.waitingViews ?? 0)
  counted('api_refusals_total', 'What clients were refused since the start', () => sources.api()?.refusals ?? {})
  counted('peer_disconnects_total', 'Connections of peers that ended or were refused since the start', () =>
    disconnectsIn(sources.network()),
  )
  labelled('network_total', 'Counts of the network since the start', () => sources.network())

  const transactionsExecuted = new Counter({
    name: 'tallystick_transactions_executed_total',
    help: 'Transactions executed since the start',
    registers: [registry],
  })
  const blocksExecuted = new Counter({
    name: 'tallystick_blocks_executed_total',
    help: 'Blocks executed since the start',
    registers: [registry],
  })
  const commitSeconds = new Histogram({
    name: 'tallystick_commit_seconds',
    help: 'Time to make final blocks durable',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers: [registry],
  })
  return { text: () => registry.metrics(), transactionsExecuted, blocksExecuted, commitSeconds }
}
