import { setTimeout as delay } from 'node:timers/promises'
import { lastIdOf, submit } from './submit.mjs'

const waitTimeoutMs = 30_000
const settleMaxMs = 120_000

/** Waits at the node that took it until the last transaction of a request is so far. */
async function untilReached(api, request, stage) {
  const deadline = performance.now() + settleMaxMs
  while (performance.now() < deadline) {
    const [{ status }] = await api.statuses([lastIdOf(request)], stage, waitTimeoutMs)
    if (status === 'proven' || status === stage) return
    if (status === 'expired') throw new Error('a transaction expired before it was ordered')
  }
  throw new Error(`a transaction was not ${stage} after ${settleMaxMs} ms`)
}

/**
 * As much load as the nodes take: each lane sends a request, waits until it has reached the stage, and sends the next. A
 * refusal is honoured: the lane waits as long as the node says and sends the same request again.
 * @param lanes - Each { api, next }: `next` gives the lane's next request, or undefined when there is no more.
 * @param isOver - When it is true no lane begins another request.
 * @returns what was sent, with the times of sending (performance.now), and how many refusals there were.
 */
export async function closedLoop({ lanes, stage, isOver }) {
  const sent = []
  let [refusals, dry] = [0, false]
  await Promise.all(
    lanes.map(async ({ api, next }) => {
      while (!isOver()) {
        const request = next()
        if (request === undefined) {
          dry = true
          return
        }
        sent.push(Object.assign(request, { sentMs: performance.now(), api }))
        for (;;) {
          const { refused, retryAfterMs } = await submit(api, request)
          if (refused === 0) break
          refusals += refused
          await delay(retryAfterMs)
        }
        await untilReached(api, request, stage)
      }
    }),
  )
  return { sent, refusals, dry }
}

/** Lanes that share one supply, several a node. */
export function sharedLanes(apis, requests, lanesPerNode) {
  let at = 0
  const next = () => requests[at++]
  return apis.flatMap((api) => Array.from({ length: lanesPerNode }, () => ({ api, next })))
}

/**
 * One lane a debtor: a member's next packed transaction goes only when its last is final, so two of them never stand in one
 * block, where the second would go beyond the member's quota.
 */
export function debtorLanes(apis, requests) {
  const queues = new Map()
  for (const request of requests) {
    if (!queues.has(request.debtor)) queues.set(request.debtor, [])
    queues.get(request.debtor).push(request)
  }
  return [...queues.values()].map((queue, i) => ({ api: apis[i % apis.length], next: () => queue.shift() }))
}
