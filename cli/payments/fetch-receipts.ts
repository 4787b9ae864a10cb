import { type Client, ClientError, type ReceiptRequest } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { ReceiptProof, TransactionId } from '@tallystick/core/protocol'
import { joinParts } from './receipt-parts.ts'

/** Actions whose parts are fetched at once: some 2 KB each, and several times that once they are read. */
const actionsPerRequest = 256
/** Requests of one round; the next round is fetched while this one is taken. */
const requestsPerRound = 2

/** A verified proof, or why there is none. */
export type FetchedReceipt = ReceiptProof | ClientError

/** Takes the verified proof of some consecutive actions of a transaction, which is not kept. */
export type TakeProof = (proof: ReceiptProof, actions: readonly number[]) => Promise<void>

/** Receipts of transactions with one action each. Every one was verified. */
export async function fetchSingleReceipts(
  client: Client,
  ids: readonly TransactionId[],
  signal: AbortSignal,
): Promise<FetchedReceipt[]> {
  const requests = ids.map((id) => ({ id, items: [0], entries: 'all', events: [], components: [1] }) as const)
  return fetchProofs(client, requests, signal)
}

async function fetchProofs(
  client: Client,
  requests: readonly ReceiptRequest[],
  signal: AbortSignal,
): Promise<FetchedReceipt[]> {
  const receipts = await client.verifiedReceipts(requests, { signal })
  return receipts.map((receipt) => (receipt instanceof ClientError ? receipt : receipt.proof))
}

/** The indexes from 0 in rounds of some requests each. */
function roundsOf(count: number): number[][][] {
  const pieces = Array.from({ length: Math.ceil(count / actionsPerRequest) }, (_, piece) => {
    const from = piece * actionsPerRequest
    return Array.from({ length: Math.min(actionsPerRequest, count - from) }, (_, i) => from + i)
  })
  return piecesOf(pieces, requestsPerRound)
}

function piecesOf<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))
}

/**
 * The receipt of a packed transaction, piece by piece, with the items of all actions, the actions themselves and the
 * entries of those who paid. A large one is never held as a whole: read, the proofs of 8,192 actions take 100 MB.
 * @param actions - How many are wanted, from the first. @param isWanted - Of which of them the action and entry is.
 * @returns what ended it before the last piece, if anything did.
 */
export async function eachPackedProof(
  client: Client,
  id: TransactionId,
  actions: number,
  signal: AbortSignal,
  take: TakeProof,
  isWanted: (action: number) => boolean = () => true,
): Promise<ClientError | undefined> {
  const rounds = roundsOf(actions)
  const ask = (round: readonly number[][] | undefined): Promise<FetchedReceipt[]> => {
    const shown = (round ?? []).map((items) => {
      return { id, items, entries: [], events: [], components: items.filter(isWanted).map((action) => action + 1) }
    })
    const asked = fetchProofs(client, shown, signal)
    asked.catch(() => {})
    return asked
  }
  let made = 0
  let next = ask(rounds[0])
  for (const [i, round] of rounds.entries()) {
    const proofs = await next
    next = ask(rounds[i + 1])
    const wanted: number[][] = []
    for (const [piece, proof] of proofs.entries()) {
      if (proof instanceof ClientError) return proof
      const done = madeOf(proof, round[piece]!)
      // A transfer that was made writes two entries, the payer's first, in the order of the actions; others write none.
      wanted.push(done.flatMap((action, at) => (isWanted(action) ? [2 * (made + at)] : [])))
      made += done.length
    }
    const entries = await fetchProofs(
      client,
      wanted.map((indexes) => ({ id, items: [], entries: indexes, events: [], components: [] })),
      signal,
    )
    for (const [piece, proof] of proofs.entries()) {
      const more = entries[piece]!
      if (more instanceof ClientError) return more
      await take(joinParts(proof as ReceiptProof, more), round[piece]!)
    }
  }
  return undefined
}

function madeOf({ items }: ReceiptProof, actions: readonly number[]): number[] {
  const results = new Map(items.map(({ item }) => [item.action, item.result]))
  return actions.filter((action) => results.get(action) === 'OK')
}

/** Where an earlier payment was made. */
export interface Original {
  readonly id: TransactionId
  readonly action: number
}

/** Takes the verified proof of an earlier payment. @param index - Of the original among those that were asked for. */
export type TakeOriginal = (index: number, proof: ReceiptProof) => Promise<void>

/** The receipts of earlier payments, each with the parts of its action. A packed transaction is fetched once. */
export async function eachOriginal(
  client: Client,
  originals: readonly Original[],
  signal: AbortSignal,
  take: TakeOriginal,
): Promise<void> {
  const byId = new Map<string, number[]>()
  for (const [index, { id }] of originals.entries()) {
    const wanted = byId.get(toHex(id))
    if (wanted === undefined) byId.set(toHex(id), [index])
    else wanted.push(index)
  }
  const groups = [...byId.values()]
  const isSingle = (group: readonly number[]): boolean => group.every((index) => originals[index]!.action === 0)
  for (const singles of piecesOf(groups.filter(isSingle), actionsPerRequest)) {
    const ids = singles.map(([index]) => originals[index!]!.id)
    for (const [i, proof] of (await fetchSingleReceipts(client, ids, signal)).entries()) {
      if (proof instanceof ClientError) continue
      for (const index of singles[i]!) await take(index, proof)
    }
  }
  for (const group of groups) {
    if (isSingle(group)) continue
    const byAction = new Map<number, number[]>()
    for (const index of group) {
      const { action } = originals[index]!
      byAction.set(action, [...(byAction.get(action) ?? []), index])
    }
    await eachOfPacked(client, originals[group[0]!]!.id, byAction, signal, take)
  }
}

/** The envelope's proof tells how many actions there are. */
async function eachOfPacked(
  client: Client,
  id: TransactionId,
  byAction: ReadonlyMap<number, readonly number[]>,
  signal: AbortSignal,
  take: TakeOriginal,
): Promise<void> {
  const [envelope] = await fetchProofs(client, [{ id, items: [], entries: [], events: [], components: [0] }], signal)
  if (envelope === undefined || envelope instanceof ClientError) return
  const last = [...byAction.keys()].reduce((most, action) => Math.max(most, action), 0)
  const actions = Math.min(last + 1, envelope.components[0]!.count - 1)
  const takeProof: TakeProof = async (proof, shown) => {
    for (const action of shown) for (const index of byAction.get(action) ?? []) await take(index, proof)
  }
  await eachPackedProof(client, id, actions, signal, takeProof, (action) => byAction.has(action))
}
