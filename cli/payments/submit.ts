import type { Client, ClientError, TransactionStatus } from '@tallystick/client'
import type { PaymentUnit } from './units.ts'

/** How long a unit may take from submission to its proof before it is signed and sent anew. */
const provenMaxMs = 90_000

/** What became of a submission. `again`: it may be sent anew, since its references keep it from counting twice. */
export type SubmitResult =
  | { readonly kind: 'proven' }
  | { readonly kind: 'again'; readonly code: string; readonly detail: string }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }

export interface Latencies {
  readonly finalMs: number[]
  readonly provenMs: number[]
}

/** Refusals that time heals. */
const passing: ReadonlySet<string> = new Set(['MEMPOOL_FULL', 'NODE_NOT_READY', 'TX_EXPIRED'])

/**
 * Sends signed units and waits until each is proven; a node that dies meanwhile is replaced by another.
 * @param onProven - Called with the number of payments, whenever a unit is proven.
 */
export async function submitUnits(
  client: Client,
  units: readonly PaymentUnit[],
  latencies: Latencies,
  signal: AbortSignal,
  onProven: (payments: number) => void,
): Promise<SubmitResult[]> {
  const started = performance.now()
  const outcomes = await client.submitMany(
    units.map(({ transaction }) => transaction),
    { signal },
  )
  const taken = units.flatMap((unit, i) => (outcomes[i]!.status === 'refused' ? [] : [{ unit, i }]))
  const ids = taken.map(({ unit }) => unit.id)
  const note = (into: number[], wanted: readonly string[]) => (index: number, status: TransactionStatus) => {
    if (!wanted.includes(status.status)) return
    into.push(performance.now() - started)
    if (into === latencies.provenMs) onProven(taken[index]!.unit.payments.length)
  }
  const wait = { signal, timeoutMs: provenMaxMs }
  const [, statuses] = await Promise.all([
    client.waitForAll(ids, 'final', { ...wait, onReached: note(latencies.finalMs, ['final', 'executed', 'proven']) }),
    client.waitForAll(ids, 'proven', { ...wait, onReached: note(latencies.provenMs, ['proven']) }),
  ])
  const results: SubmitResult[] = outcomes.map((outcome) =>
    outcome.status === 'refused' ? refusal(outcome.error) : { kind: 'proven' },
  )
  for (const [k, { i }] of taken.entries()) {
    const status = statuses[k]!.status
    if (status === 'proven') continue
    const detail = `after ${provenMaxMs / 1_000} s it was ${status}`
    results[i] = {
      kind: 'again',
      code: status === 'expired' ? 'CLIENT_TRANSACTION_EXPIRED' : 'CLIENT_WAIT_TIMEOUT',
      detail,
    }
  }
  return results
}

function refusal(error: ClientError): SubmitResult {
  const code = error.problem?.code ?? error.code
  const detail = error.problem?.detail ?? error.message
  const heals = passing.has(code) || error.code !== 'CLIENT_REFUSED'
  return { kind: heals ? 'again' : 'refused', code, detail }
}
