/** Codes that say "not now": the transaction is good, and may be sent again. */
const busyCodes = ['MEMPOOL_FULL', 'API_RATE_LIMITED', 'API_OVERLOADED']

const hexOf = (ids, i) => Buffer.from(ids.buffer, ids.byteOffset + 32 * i, 32).toString('hex')
export const idsOf = ({ ids, count }) => Array.from({ length: count }, (_, i) => hexOf(ids, i))
export const lastIdOf = ({ ids, count }) => hexOf(ids, count - 1)

/**
 * Sends one request of packed transactions.
 * @returns how many the node took and how many it refused for now, `accepted` with a flag for each, and how long to wait.
 * @throws if a transaction is refused for another reason: the load itself is wrong then.
 */
export async function submit(api, { body, count }) {
  const { status, text, retryAfterMs } = await api.send(
    'POST',
    '/v1/transactions/batch',
    body,
    'application/octet-stream',
  )
  if (status === 429 || status === 503) {
    return { taken: 0, refused: count, accepted: new Uint8Array(count), retryAfterMs, code: `HTTP ${status}` }
  }
  if (status !== 200) throw new Error(`a submission was answered ${status}: ${text.slice(0, 500)}`)
  const { outcomes } = JSON.parse(text)
  if (outcomes.length !== count) throw new Error(`${outcomes.length} outcomes for ${count} transactions`)
  const accepted = new Uint8Array(count)
  let [taken, code] = [0, undefined]
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.status !== 'refused') {
      accepted[i] = 1
      taken++
      continue
    }
    code = outcome.problem.code
    if (!busyCodes.includes(code) && outcome.problem.status !== 429) {
      throw new Error(`a transaction was refused: ${code}: ${outcome.problem.detail}`)
    }
  }
  return { taken, refused: count - taken, accepted, retryAfterMs, code }
}
