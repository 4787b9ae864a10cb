import { equalBytes } from '@tallystick/core/codec'
import type { CallOptions, NodeReport, NodeStatus } from '../client.ts'
import { ClientError } from '../errors.ts'
import { requestJson, withNode } from '../network/request.ts'
import { complete, type Session } from '../network/session.ts'
import { Fields } from '../wire/fields.ts'

const peersMax = 4_096
const alarmsMax = 64

/** Asks every node at once; none stands for another. */
export function nodeReports(session: Session, { signal }: CallOptions = {}): Promise<NodeReport[]> {
  return Promise.all(
    session.pool.nodes.map(async (node): Promise<NodeReport> => {
      try {
        const json = await requestJson(session.fetch, node, complete(session, { path: '/v1/status', signal }))
        return { node, status: statusOf(session, new Fields(json, '')), error: undefined }
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        return { node, status: undefined, error: withNode(error, node) }
      }
    }),
  )
}

function statusOf({ ledger }: Session, fields: Fields): NodeStatus {
  if (!equalBytes(fields.id('ledger'), ledger)) throw new ClientError('CLIENT_OTHER_LEDGER')
  const heights = fields.object('heights')
  const mempool = fields.object('mempool')
  return {
    name: fields.text('name'),
    version: fields.text('version'),
    role: fields.choice('role', ['validator', 'observer']),
    heights: {
      final: heights.integer('final'),
      executed: heights.integer('executed'),
      proven: heights.integer('proven'),
    },
    finalTimeMs: fields.integer('finalTimeMs'),
    epoch: fields.integer('epoch'),
    view: fields.integer('view'),
    peers: fields.list('peers', peersMax, (item, path) => {
      const peer = new Fields(item, path)
      return { name: peer.text('name'), connected: peer.flag('connected') }
    }),
    mempool: { transactions: mempool.integer('transactions'), bytes: mempool.integer('bytes') },
    syncing: fields.flag('syncing'),
    halted: fields.optional('halted', (all) => {
      const halted = all.object('halted')
      return { code: halted.text('code'), detail: halted.text('detail') }
    }),
    alarms: fields.list('alarms', alarmsMax, (item, path) => {
      const alarm = new Fields(item, path)
      return { code: alarm.text('code'), detail: alarm.text('detail') }
    }),
  }
}
