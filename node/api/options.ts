import type { SecureVersion } from 'node:tls'
import type { Refusal } from './refusals.ts'

/** Where and how the API listens. Whatever is left out has the value of `defaultApiOptions`. */
export interface ApiOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Without it, plain HTTP; meant for loopback or behind a proxy that ends TLS. */
  readonly tls: ApiTls | undefined
  /** Origins whose pages may read the API (CORS); closed by default. */
  readonly allowedOrigins: readonly string[]
  /** Names that the Host header may have over plain HTTP, besides `localhost` and IP addresses. */
  readonly allowedHosts: readonly string[]
  /** Trust X-Forwarded-For of these proxies for the rate limit. */
  readonly trustedProxies: readonly string[]
  readonly limits: ApiLimits
  /** Called for each refusal that an operator should see: very often under attack. */
  readonly onRefusal: (refusal: Refusal, address: string) => void
  /** Gets what an API_INTERNAL answer hides. */
  readonly onFault: (fault: { readonly route: string; readonly requestId: string; readonly error: unknown }) => void
}

export interface ApiTls {
  /** PEM. */
  readonly key: string
  readonly certificate: string
  readonly minVersion?: SecureVersion
}

/** Every queue, message and wait of the API. */
export interface ApiLimits {
  readonly bodyBytesMax: number
  /** Open connections of all clients; the longest idle one makes room for another. */
  readonly connectionsMax: number
  /** Open connections of one address. It does not hold where `trustedProxies` are set: they bring many clients' connections. */
  readonly connectionsPerAddressMax: number
  /** Requests of one connection that wait for their answers; a connection with more is cut. */
  readonly pipelinedMax: number
  /** Bytes of bodies that arrive and of answers that leave, together; beyond it the oldest is cut. */
  readonly inFlightBytesMax: number
  /** Requests of one address in a minute. */
  readonly requestsPerMinuteMax: number
  /** From the connection, or the end of the answer before, to the end of the headers; a TLS handshake has as much. */
  readonly headerTimeoutMs: number
  /** To the end of the body. */
  readonly requestTimeoutMs: number
  /** A connection between two requests is closed after this long. */
  readonly keepAliveTimeoutMs: number
  /** A connection on which no byte moved for so long is closed: longer than any wait, so that only unread answers meet it. */
  readonly inactivityTimeoutMs: number
  /** Transactions of one submission. */
  readonly submitMax: number
  readonly waitMsMax: number
  /** Ids that all open waits together watch. */
  readonly waitIdsMax: number
  readonly statusesMax: number
  readonly proofsMax: number
  /** Of the proofs of one answer; what goes beyond is asked for again. */
  readonly proofBytesMax: number
  readonly stateKeysMax: number
  readonly referencesMax: number
  readonly pageMax: number
  /** Fuel of one call of a view. */
  readonly viewFuelMax: number
  /** Calls of views that wait, of all and of one address. */
  readonly viewsWaitingMax: number
  readonly viewsWaitingPerAddressMax: number
  readonly streamsMax: number
  readonly streamsPerAddressMax: number
  /** A reader of events who takes nothing for so long is cut. */
  readonly streamStallMs: number
  readonly streamKeepAliveMs: number
  /** What still runs so long after `close` began is cut. */
  readonly closeGraceMs: number
}

export const defaultApiLimits: ApiLimits = {
  bodyBytesMax: 8 * 1_048_576,
  connectionsMax: 1_024,
  connectionsPerAddressMax: 512,
  pipelinedMax: 8,
  inFlightBytesMax: 96 * 1_048_576,
  requestsPerMinuteMax: 6_000,
  headerTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  keepAliveTimeoutMs: 60_000,
  inactivityTimeoutMs: 90_000,
  submitMax: 1_024,
  waitMsMax: 60_000,
  waitIdsMax: 16_384,
  statusesMax: 1_024,
  proofsMax: 128,
  proofBytesMax: 16 * 1_048_576,
  stateKeysMax: 256,
  referencesMax: 1_024,
  pageMax: 500,
  viewFuelMax: 5_000_000,
  viewsWaitingMax: 32,
  viewsWaitingPerAddressMax: 8,
  streamsMax: 256,
  streamsPerAddressMax: 32,
  streamStallMs: 30_000,
  streamKeepAliveMs: 15_000,
  closeGraceMs: 1_000,
}

export const defaultApiOptions: ApiOptions = {
  host: '127.0.0.1',
  port: 0,
  tls: undefined,
  allowedOrigins: [],
  allowedHosts: [],
  trustedProxies: [],
  limits: defaultApiLimits,
  onRefusal: () => {},
  onFault: () => {},
}
