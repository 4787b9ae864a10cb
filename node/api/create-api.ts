import type { Socket } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import type { TSchema } from '@sinclair/typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import { ConnectionGate } from './connection-gate.ts'
import { ApiError } from './errors.ts'
import { EventStreams } from './event-streams.ts'
import { answerBadConnection, answerFailure, cutOff } from './failures.ts'
import { admit, answerPreflight } from './gatekeeper.ts'
import { limitInFlight } from './in-flight-hooks.ts'
import { RouteMethods } from './methods.ts'
import { openApiSettings, withProblems } from './openapi.ts'
import { type ApiLimits, type ApiOptions, defaultApiLimits, defaultApiOptions } from './options.ts'
import type { NodePort } from './port.ts'
import { Refusals } from './refusals.ts'
import type { Api, ApiContext } from './route.ts'
import { allRoutes } from './routes/index.ts'
import { compileValidator } from './validation.ts'
import { ViewRoom } from './view-room.ts'
import { WaitRoom } from './wait-room.ts'

/** What the caller leaves out has the value of `defaultApiOptions`. */
export type ApiSettings = Partial<Omit<ApiOptions, 'limits'>> & { readonly limits?: Partial<ApiLimits> }

export interface RunningApi {
  /** Starts to listen. @returns the base URL. @throws the system's error, such as EADDRINUSE. */
  listen(): Promise<string>
  /** Ends streams and waits, answers what has begun, and stops. */
  close(): Promise<void>
  /** The base URL once it listens. */
  readonly url: string
  stats(): ApiStats
}

/** What is held for clients now, and what was refused since the start. */
export interface ApiStats {
  readonly connections: number
  /** Bytes of bodies that arrive and of answers that leave. */
  readonly inFlightBytes: number
  readonly streams: number
  /** Ids that requests wait for. */
  readonly waitingIds: number
  /** Calls of views that wait for others. */
  readonly waitingViews: number
  /** By code. */
  readonly refusals: Readonly<Record<string, number>>
}

/** The HTTP API over a node. Nothing is opened before `listen`. */
export async function createApi(port: NodePort, settings: ApiSettings = {}): Promise<RunningApi> {
  const limits = { ...defaultApiLimits, ...settings.limits }
  const options: ApiOptions = { ...defaultApiOptions, ...settings, limits }
  const refusals = new Refusals(options.onRefusal)
  const app = server(options, refusals)
  const gate = guardConnections(app, options, refusals)
  const context: ApiContext = {
    port,
    options,
    network: port.genesis.network,
    waits: new WaitRoom(port, limits.waitIdsMax),
    views: new ViewRoom(limits.viewsWaitingMax, limits.viewsWaitingPerAddressMax),
    streams: new EventStreams(limits.streamsMax, limits.streamsPerAddressMax),
    refusals,
  }
  const inFlight = limitInFlight(app, limits.inFlightBytesMax, refusals)
  await prepare(app, context)

  let url = ''
  return {
    get url() {
      return url
    },
    listen: async () => {
      await app.listen({ host: options.host, port: options.port })
      url = baseUrl(app, options)
      return url
    },
    close: async () => {
      context.streams.close()
      context.waits.close()
      context.views.close()
      // A connection on which nothing was asked yet counts as busy for Node.
      const grace = setTimeout(() => app.server.closeAllConnections(), limits.closeGraceMs)
      await app.close()
      clearTimeout(grace)
    },
    stats: () => ({
      connections: gate.size,
      inFlightBytes: inFlight.bytes,
      streams: context.streams.size,
      waitingIds: context.waits.waitingIds,
      waitingViews: context.views.waiting,
      refusals: refusals.counts,
    }),
  }
}

function server(options: ApiOptions, refusals: Refusals): FastifyInstance {
  const { limits, tls } = options
  const http = { maxHeaderSize: 16_384, headersTimeout: limits.headerTimeoutMs, connectionsCheckingInterval: 1_000 }
  const common = {
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.inactivityTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    // Idle connections are closed at once, and those that are answering when they have answered.
    forceCloseConnections: 'idle' as const,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: (error: { readonly code?: string }, socket: Socket) =>
      answerBadConnection(error, socket, refusals),
    return503OnClosing: false,
  }
  return (
    tls === undefined
      ? Fastify({ ...common, http })
      : Fastify({
          ...common,
          https: {
            ...http,
            handshakeTimeout: limits.headerTimeoutMs,
            key: tls.key,
            cert: tls.certificate,
            minVersion: tls.minVersion ?? 'TLSv1.3',
          },
        })
  ) as FastifyInstance
}

/** Connections that were refused and may still hear why; beyond so many they are closed without a word. */
const refusedConnectionsMax = 64

function guardConnections(
  app: FastifyInstance,
  { limits, tls, trustedProxies }: ApiOptions,
  refusals: Refusals,
): ConnectionGate {
  const connectionsPerAddressMax = trustedProxies.length === 0 ? limits.connectionsPerAddressMax : undefined
  let refused = 0
  const refuse = (socket: Socket, address: string): void => {
    refusals.count('API_TOO_MANY_CONNECTIONS', address)
    if (tls !== undefined || refused >= refusedConnectionsMax) {
      socket.destroy()
      return
    }
    refused++
    socket.once('close', () => refused--)
    cutOff(socket, 'API_TOO_MANY_CONNECTIONS')
  }
  const tooManyAtOnce = (address: string): void => refusals.count('PIPELINE_TOO_LONG', address)
  const gate = new ConnectionGate({ ...limits, connectionsPerAddressMax }, { refuse, tooManyAtOnce })
  gate.guard(app.server)
  return gate
}

async function prepare(app: FastifyInstance, context: ApiContext): Promise<void> {
  const { options } = context
  const methods = new RouteMethods()
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, options, context.refusals))
  app.setValidatorCompiler(({ schema, httpPart }) => compileValidator(schema as TSchema, httpPart ?? 'body'))
  // Answers are made of codecs' JSON forms; their schemas describe them, and tests hold them to it.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  // As plain bytes: a Buffer's slices share its memory, and the codecs' values must not.
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body: Buffer, done) =>
    done(null, new Uint8Array(body.buffer, body.byteOffset, body.length)),
  )
  app.removeContentTypeParser('text/plain')
  app.addHook('preValidation', async (request) => {
    const body = request.routeOptions.schema?.body as { content?: object } | undefined
    if (request.body instanceof Uint8Array && body?.content === undefined)
      throw new ApiError('API_MEDIA_TYPE_UNSUPPORTED')
  })
  app.addHook('onRoute', (route) => methods.add(route.url, [route.method].flat()))
  app.addHook('onRoute', withProblems)
  app.addHook('onRequest', async (request, reply) => admit(request, reply, options))

  await app.register(rateLimit, {
    max: options.limits.requestsPerMinuteMax,
    timeWindow: 60_000,
    cache: 10_000,
    errorResponseBuilder: (_, { ttl }) =>
      new ApiError('API_RATE_LIMITED', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1_000)) }),
  })
  await app.register(swagger, openApiSettings)

  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    const allowed = methods.of(path)
    if (allowed.length === 0) throw new ApiError('API_ROUTE_UNKNOWN')
    reply.header('allow', allowed.join(', '))
    if (request.method === 'OPTIONS') return answerPreflight(request, reply, options)
    throw new ApiError('API_METHOD_NOT_ALLOWED')
  })
  for (const routes of allRoutes) routes(app as Api, context)
  await app.ready()
}

function baseUrl(app: FastifyInstance, options: ApiOptions): string {
  const bound = app.server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the API listens on no port')
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return `${options.tls === undefined ? 'http' : 'https'}://${host}:${bound.port}`
}
