import type { Static, TSchema } from '@sinclair/typebox'
import type { NetworkKind } from '@tallystick/core/protocol'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { EventStreams } from './event-streams.ts'
import type { ApiOptions } from './options.ts'
import type { NodePort } from './port.ts'
import type { Refusals } from './refusals.ts'
import type { ViewRoom } from './view-room.ts'
import type { WaitRoom } from './wait-room.ts'

/** Handlers get the types of their schemas. */
interface SchemaTypes extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown
  serializer: unknown
}

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  SchemaTypes
>

/** What the routes share. */
export interface ApiContext {
  readonly port: NodePort
  readonly options: ApiOptions
  readonly network: NetworkKind
  readonly waits: WaitRoom
  readonly views: ViewRoom
  readonly streams: EventStreams
  readonly refusals: Refusals
}

/** One file of routes. */
export type Routes = (api: Api, context: ApiContext) => void
