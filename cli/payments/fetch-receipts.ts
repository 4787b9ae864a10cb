import { type Client, ClientError, type VerifiedReceipt } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { ReceiptProof, TransactionId } from '@tallystick/core/protocol'
import { joinParts } from './receipt-parts.ts'

/** Actions whose parts are fetched at once: some 3 KB each. */
const actionsPerRequest = 256

/** A verified proof, or why there is none. */
export type FetchedReceipt = ReceiptProof | ClientError

/** Receipts of transactions with one action each. Every one was verified. */
export async function fetchSingleReceipts(
  client: Client,
  ids: readonly TransactionId[],
  signal: AbortSignal,
): Promise<FetchedReceipt[]> {
  const requests = ids.map((id) => ({ id, items: [0], entries: 'all', components: [1] }) as const)
  const receipts = await client.verifiedReceipts(requests, { signal })
  return receipts.map((receipt) => (receipt instanceof ClientError ? receipt : receipt.proof))
}

/** The indexes from 0 in pieces of one request each. */
function pieces(count: number): number[][] {
  return Array.from({ length: Math.ceil(count / actionsPerRequest) }, (_, piece) => {
    const from = piece * actionsPerRequest
    return Array.from({ length: Math.min(actionsPerRequest, count - from) }, (_, i) => from + i)
  })
}

/** The receipt of a packed transaction with the parts of all its actions, fetched in pieces. Every piece was verified. */
export async function fetchPackedReceipt(
  client: Client,
  id: TransactionId,
  actions: number,
  signal: AbortSignal,
): Promise<FetchedReceipt> {
  const shown = pieces(actions).map((items) => ({ id, items, entries: [], components: items.map((i) => i + 1) }))
  const proof = joined(await client.verifiedReceipts(shown, { signal }))
  if (proof instanceof ClientError) return proof
  // A transfer that was made writes two entries, in the order of the actions; others write none.
  const made = proof.items.filter(({ item }) => item.result === 'OK').length
  const written = pieces(made * 2).map((entries) => ({ id, items: [], entries, components: [] }))
  const entries = await client.verifiedReceipts(written, { signal })
  return joined(entries, proof)
}

function joined(receipts: readonly (VerifiedReceipt | ClientError)[], first?: ReceiptProof): FetchedReceipt {
  let proof = first
  for (const receipt of receipts) {
    if (receipt instanceof ClientError) return receipt
    proof = proof === undefined ? receipt.proof : joinParts(proof, receipt.proof)
  }
  if (proof === undefined) throw new RangeError('a transaction has at least one action')
  return proof
}

/** Where an earlier payment was made. */
export interface Original {
  readonly id: TransactionId
  readonly action: number
}

/** The receipts of earlier payments, each with the parts of its action. A packed transaction is fetched once. */
export async function fetchOriginals(
  client: Client,
  originals: readonly Original[],
  signal: AbortSignal,
): Promise<FetchedReceipt[]> {
  const byId = new Map<string, Original[]>()
  for (const original of originals) {
    const id = toHex(original.id)
    byId.set(id, [...(byId.get(id) ?? []), original])
  }
  const fetched = new Map<string, FetchedReceipt>()
  const singles = [...byId.values()].flatMap((wanted) =>
    wanted.every(({ action }) => action === 0) ? [wanted[0]!.id] : [],
  )
  const receipts = await fetchSingleReceipts(client, singles, signal)
  for (const [i, id] of singles.entries()) fetched.set(toHex(id), receipts[i]!)
  const packed = [...byId].flatMap(([id, wanted]) => (fetched.has(id) ? [] : [{ id, transaction: wanted[0]!.id }]))
  for (const { id, transaction } of packed) fetched.set(id, await fetchWhole(client, transaction, signal))
  return originals.map(({ id }) => fetched.get(toHex(id))!)
}

/** The envelope's proof tells how many actions there are. */
async function fetchWhole(client: Client, id: TransactionId, signal: AbortSignal): Promise<FetchedReceipt> {
  try {
    const { proof } = await client.verifiedReceipt(id, { signal, items: [], entries: [], components: [0] })
    return await fetchPackedReceipt(client, id, proof.components[0]!.count - 1, signal)
  } catch (error) {
    if (error instanceof ClientError && error.code !== 'CLIENT_ABORTED') return error
    throw error
  }
}
