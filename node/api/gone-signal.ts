import type { FastifyReply } from 'fastify'
import { whenLeft } from './when-left.ts'

/** Aborts when the answer's connection ends: nobody waits for it any more. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  whenLeft(reply, () => gone.abort())
  return gone.signal
}
