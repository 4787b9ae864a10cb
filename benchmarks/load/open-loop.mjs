import { setTimeout as delay } from 'node:timers/promises'
import { submit } from './submit.mjs'

/** Requests without an answer, beyond which the generator sends no more: what it would have sent counts as not sent. */
const openRequestsMax = 512

/**
 * Load at a fixed rate, whatever the nodes do: a request's time is when it was due, so a node that answers late can't hide
 * how long others waited. What is refused is not sent again.
 * @returns the requests with `dueMs` and `accepted` flags; counts of transactions taken, refused and not sent.
 */
export async function openLoop({ apis, requests, perSecond }) {
  const [{ count }] = requests
  const everyMs = (1_000 * count) / perSecond
  const startMs = performance.now() + 10
  const sums = { taken: 0, refused: 0, unsent: 0, codes: {}, answerMs: [] }
  const open = new Set()
  const sent = []
  let failure
  for (const [i, request] of requests.entries()) {
    const dueMs = startMs + i * everyMs
    const early = dueMs - performance.now()
    if (early > 1) await delay(early)
    if (failure !== undefined) throw failure
    if (open.size >= openRequestsMax) {
      sums.unsent += count
      // The answers need a turn of the event loop even when the generator is behind.
      await new Promise(setImmediate)
      continue
    }
    const api = apis[i % apis.length]
    sent.push(Object.assign(request, { dueMs, api, accepted: undefined }))
    const answered = submit(api, request)
      .then(({ taken, refused, accepted, code }) => {
        request.accepted = accepted
        sums.taken += taken
        sums.refused += refused
        sums.answerMs.push(performance.now() - dueMs)
        if (code !== undefined) sums.codes[code] = (sums.codes[code] ?? 0) + refused
      })
      .catch((error) => {
        failure ??= error
      })
      .finally(() => open.delete(answered))
    open.add(answered)
  }
  const endMs = performance.now()
  await Promise.all(open)
  if (failure !== undefined) throw failure
  return { ...sums, sent, startMs, endMs }
}
