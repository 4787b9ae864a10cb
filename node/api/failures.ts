import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, type ApiErrorCode, apiErrorRow } from './errors.ts'
import type { ApiOptions } from './options.ts'
import { problemMediaType, problemOf } from './problem.ts'
import type { Refusals } from './refusals.ts'

/** What the framework's own errors mean here. */
const frameworkCodes: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'API_MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_TYPE: 'API_MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_BODY_TOO_LARGE: 'API_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'API_BODY_MALFORMED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'API_BODY_MALFORMED',
  FST_ERR_CTP_INVALID_JSON_BODY: 'API_BODY_MALFORMED',
  FST_ERR_BAD_URL: 'API_BAD_HTTP',
  FST_ERR_MAX_PARAM_LENGTH: 'API_INVALID_REQUEST',
  FST_ERR_VALIDATION: 'API_INVALID_REQUEST',
}

/** Turns whatever was thrown into a problem; what is not foreseen is told to the operator alone. */
export function answerFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ApiOptions,
  refusals: Refusals,
): void {
  const known = knownError(error)
  if (known === undefined) {
    options.onFault({ route: `${request.method} ${request.routeOptions.url ?? '?'}`, requestId: request.id, error })
  }
  const shown = known ?? new ApiError('API_INTERNAL', `Request ${request.id}.`)
  // The rate limit has set the time that is left.
  if (shown.retryAfterSeconds !== undefined && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', shown.retryAfterSeconds)
  }
  refusals.count(shown.code, request.ip)
  const problem = problemOf(shown)
  if (problem.status === 401) reply.header('www-authenticate', 'Tallystick')
  void reply.code(problem.status).type(problemMediaType).send(problem)
}

function knownError(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error
  const { code, message, statusCode } = error as { code?: string; message?: string; statusCode?: number }
  const foreseen = code === undefined ? undefined : frameworkCodes[code]
  if (foreseen !== undefined) return new ApiError(foreseen, message)
  // Broken JSON, and bodies that end early, come as client errors without a code of their own.
  if (error instanceof SyntaxError || statusCode === 400) return new ApiError('API_BODY_MALFORMED', message)
  return undefined
}

const connectionCodes: Readonly<Record<string, ApiErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'API_REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'API_HEADERS_TOO_LARGE',
}

/** Answers what is no HTTP request, or did not arrive in time. */
export function answerBadConnection(
  error: { readonly code?: string | undefined },
  socket: Socket,
  refusals: Refusals,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = connectionCodes[error.code ?? ''] ?? 'API_BAD_HTTP'
  refusals.count(code, socket.remoteAddress ?? '')
  cutOff(socket, code)
}

/** How long a connection that is cut off may take to hear the reason. */
const lingerMs = 250

/** Ends a connection with a problem, where there is no request to answer. */
export function cutOff(socket: Socket, code: ApiErrorCode): void {
  const problem = problemOf(new ApiError(code))
  const body = JSON.stringify(problem)
  const { retryAfterSeconds } = apiErrorRow(code)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
    'connection: close',
  ]
  socket.on('error', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  // To close at once with bytes unread would take the answer back.
  socket.resume()
  const timer = setTimeout(() => socket.destroy(), lingerMs)
  socket.once('close', () => clearTimeout(timer))
}
