import type { FastifyReply } from 'fastify'

/**
 * Calls once when an answer has left, or its connection has ended: an answer that waits behind others on its connection is not told of
 * the connection's end.
 */
export function whenLeft({ raw }: FastifyReply, left: () => void): void {
  const { socket } = raw.req
  const end = (): void => {
    raw.off('close', end)
    socket.off('close', end)
    left()
  }
  raw.once('close', end)
  socket.once('close', end)
}
