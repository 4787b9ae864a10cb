import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'
import type { ApiOptions } from './options.ts'

const alwaysHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
} as const

/** Checks what every request must have, before its body is read, and sets what every answer has. */
export function admit(request: FastifyRequest, reply: FastifyReply, options: ApiOptions): void {
  reply.headers(alwaysHeaders)
  if (options.tls === undefined && !isServedHost(request.hostname, options.allowedHosts)) {
    throw new ApiError('API_HOST_NOT_ALLOWED')
  }
  const { origin } = request.headers
  if (origin !== undefined && options.allowedOrigins.includes(origin)) {
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'retry-after, location',
      vary: 'origin',
    })
  }
}

/**
 * A page of another site can let its own name lead to this node (DNS rebinding), but can't change what the browser
 * writes into Host: so over plain HTTP only addresses, `localhost` and configured names are served.
 */
function isServedHost(hostname: string, allowedHosts: readonly string[]): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) !== 0 || bare === 'localhost' || allowedHosts.includes(bare)
}

/** Answers a browser's question what it may send. */
export function answerPreflight(request: FastifyRequest, reply: FastifyReply, options: ApiOptions): FastifyReply {
  const { origin } = request.headers
  if (origin !== undefined && options.allowedOrigins.includes(origin)) {
    reply.headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type, accept, last-event-id, authorization',
      'access-control-max-age': '600',
    })
  }
  return reply.code(204).send()
}
