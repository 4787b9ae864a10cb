import { setTimeout as delay } from 'node:timers/promises'
import { idsOf } from './submit.mjs'

const idsPerPage = 1_024
const pagesAtOnce = 2
const provenMaxMs = 120_000
const waitTimeoutMs = 30_000
const quietEveryMs = 400

/** Waits until every node has proven everything that is final anywhere, and has nothing left to order. */
export async function untilQuiet(network, maxMs = provenMaxMs) {
  const deadline = performance.now() + maxMs
  let last
  while (performance.now() < deadline) {
    network.checkAlive()
    const states = await Promise.all(network.apis.map((api) => api.getJson('/v1/status')))
    const settled = states.every(
      ({ mempool, heights }) => mempool.transactions === 0 && heights.final === heights.executed,
    )
    const heights = states.map(({ heights: { final } }) => final)
    // Idle chains prove what they executed and then make no more blocks.
    if (settled && heights.join() === last && new Set(heights).size === 1) return
    last = heights.join()
    await delay(quietEveryMs)
  }
  throw new Error(`the nodes were not quiet after ${maxMs} ms`)
}

function wantedIds(requests) {
  return requests.flatMap((request) => {
    const ids = idsOf(request)
    return ids.flatMap((id, i) =>
      request.accepted === undefined || request.accepted[i] === 1 ? [{ id, request }] : [],
    )
  })
}

/**
 * Asks for the status of every transaction that was taken; each must be proven with result OK. Pages go to all nodes in turn.
 * @returns one { id, request, height } a transaction
 * @throws with the first that is not, and how many there are
 */
export async function provenOutcomes(network, requests) {
  const outcomes = wantedIds(requests)
  const pages = []
  for (let from = 0; from < outcomes.length; from += idsPerPage) pages.push(outcomes.slice(from, from + idsPerPage))
  const bad = []
  let at = 0
  const ask = async (api) => {
    for (let page = pages[at++]; page !== undefined; page = pages[at++]) {
      const ids = page.map(({ id }) => id)
      let statuses = await api.statuses(ids)
      const deadline = performance.now() + provenMaxMs
      while (
        statuses.some(({ status }) => status !== 'proven' && status !== 'expired') &&
        performance.now() < deadline
      ) {
        statuses = await api.statuses(ids, 'proven', waitTimeoutMs)
      }
      for (const [i, { status, result, height }] of statuses.entries()) {
        page[i].height = height
        if (status !== 'proven' || result !== 'OK') bad.push({ id: ids[i], status, result })
      }
    }
  }
  await Promise.all(network.apis.flatMap((api) => Array.from({ length: pagesAtOnce }, () => ask(api))))
  if (bad.length > 0) {
    throw new Error(`${bad.length} of ${outcomes.length} transactions are not proven and OK: ${JSON.stringify(bad[0])}`)
  }
  return outcomes
}
