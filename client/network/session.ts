import type { LedgerId, TrustRoot } from '@tallystick/core/protocol'
import type { NodePool } from './node-pool.ts'
import { type NodeRequest, requestBytes, requestJson } from './request.ts'

/** Bytes of an answer without proofs. */
export const plainAnswerBytesMax = 16 * 1_048_576
/** Bytes of an answer with proofs: the largest packed transaction, shown whole. */
export const proofAnswerBytesMax = 96 * 1_048_576

/** What all calls of one client share. */
export interface Session {
  readonly ledger: LedgerId
  readonly trust: TrustRoot
  readonly pool: NodePool
  readonly fetch: typeof globalThis.fetch
  readonly requestTimeoutMs: number
}

export type Ask = Pick<NodeRequest, 'path' | 'post' | 'accept' | 'headers'> & {
  readonly signal?: AbortSignal | undefined
  /** Besides the usual time, where the node is asked to wait. */
  readonly waitMs?: number
  readonly answerBytesMax?: number
}

/** Asks the nodes in turn until `read` accepts the answer of one. */
export function askJson<T>(session: Session, ask: Ask, read: (json: unknown) => T): Promise<T> {
  return session.pool.ask(ask.signal, async (node) =>
    read(await requestJson(session.fetch, node, complete(session, ask))),
  )
}

export function askBytes<T>(session: Session, ask: Ask, read: (bytes: Uint8Array) => T): Promise<T> {
  return session.pool.ask(ask.signal, async (node) =>
    read(await requestBytes(session.fetch, node, complete(session, ask))),
  )
}

export function complete(session: Session, { waitMs = 0, answerBytesMax, ...ask }: Ask): NodeRequest {
  return {
    ...ask,
    timeoutMs: session.requestTimeoutMs + waitMs,
    answerBytesMax: answerBytesMax ?? plainAnswerBytesMax,
  }
}
