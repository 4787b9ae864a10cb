import type { FastifyInstance } from 'fastify'
import { cutOff } from './failures.ts'
import { InFlightBytes } from './in-flight-bytes.ts'
import type { Refusals } from './refusals.ts'
import { whenLeft } from './when-left.ts'

/** Smaller answers are not worth to be counted. */
const smallAnswerBytes = 4_096

/** Counts the bytes of bodies while they arrive, and of answers until the client has taken them. */
export function limitInFlight(app: FastifyInstance, bytesMax: number, refusals: Refusals): InFlightBytes {
  const inFlight = new InFlightBytes(bytesMax)
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (request.method === 'POST') {
      const body = inFlight.enter(() => {
        refusals.count('API_BUFFER_FULL', request.ip)
        // What still comes until the connection is closed must not be kept either.
        payload.removeAllListeners('data')
        payload.resume()
        if (reply.raw.headersSent) reply.raw.destroy()
        else cutOff(request.raw.socket, 'API_BUFFER_FULL')
      })
      payload.on('data', (chunk: Buffer) => body.add(chunk.length))
      payload.once('end', () => body.done())
      whenLeft(reply, () => body.done())
    }
    done(null, payload)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    const bytes = typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : 0
    if (bytes > smallAnswerBytes) {
      const answer = inFlight.enter(() => {
        refusals.count('API_BUFFER_FULL', request.ip)
        reply.raw.destroy()
      })
      whenLeft(reply, () => answer.done())
      answer.add(bytes)
    }
    done(null, payload)
  })
  return inFlight
}
