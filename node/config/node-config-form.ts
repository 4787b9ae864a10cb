import { type Static, Type } from '@sinclair/typebox'

const closed = { additionalProperties: false } as const
const host = Type.String({ minLength: 1, maxLength: 253 })
const port = Type.Integer({ minimum: 1, maximum: 65_535 })
const hex32 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const path = Type.String({ minLength: 1, maxLength: 4_096 })
const name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' })

const peer = Type.Object({ name, nodeKey: hex32, host, port }, closed)

/** Limits that differ from the API's own defaults. */
const apiLimits = Type.Partial(
  Type.Object(
    {
      bodyBytesMax: Type.Integer({ minimum: 1_024, maximum: 64 * 1_048_576 }),
      connectionsMax: Type.Integer({ minimum: 1, maximum: 65_536 }),
      connectionsPerAddressMax: Type.Integer({ minimum: 1, maximum: 65_536 }),
      inFlightBytesMax: Type.Integer({ minimum: 65_536, maximum: 4_096 * 1_048_576 }),
      /** Requests of one address in a minute. */
      requestsPerMinuteMax: Type.Integer({ minimum: 1, maximum: 100_000_000 }),
      headerTimeoutMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
      requestTimeoutMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
      inactivityTimeoutMs: Type.Integer({ minimum: 1_000, maximum: 600_000 }),
      streamStallMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
    },
    closed,
  ),
  { default: {} },
)

/** `node.json`, the configuration of one node. Relative paths start at the folder of the file. */
export const nodeConfigForm = Type.Object(
  {
    version: Type.Literal(1),
    name,
    genesis: path,
    /** The ledger that the genesis must lead to. */
    ledger: hex32,
    keys: Type.Object(
      {
        /** The node's identity on the network. */
        node: path,
        /** The key that votes; without it the node follows only. */
        consensus: Type.Optional(path),
      },
      closed,
    ),
    peers: Type.Object(
      {
        listen: Type.Object({ host, port }, closed),
        known: Type.Array(peer, { maxItems: 1_024 }),
      },
      closed,
    ),
    api: Type.Object(
      {
        listen: Type.Object({ host, port }, closed),
        /** PEM files. Without them the API speaks plain HTTP and must listen on the loopback interface. */
        tls: Type.Optional(Type.Object({ certificate: path, key: path }, closed)),
        /** Origins of browsers that may call; none by default. */
        allowedOrigins: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { maxItems: 64, default: [] }),
        /** Host names that are served over plain HTTP beside IP addresses and localhost. */
        allowedHosts: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { maxItems: 64, default: [] }),
        /** Proxies whose X-Forwarded-For counts for the rate limit. */
        trustedProxies: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { maxItems: 64, default: [] }),
        limits: apiLimits,
      },
      closed,
    ),
    storage: Type.Object(
      {
        directory: Type.String({ minLength: 1, maxLength: 4_096, default: 'data' }),
        /** Memory that the store of records and indexes may use for its cache. */
        cacheBytesMax: Type.Integer({ minimum: 1_048_576, default: 64 * 1_048_576 }),
        /** Finalized blocks are kept on disk for ever; a follower may drop old ones. */
        archive: Type.Boolean({ default: true }),
      },
      { ...closed, default: {} },
    ),
  },
  closed,
)

/** The file as it stands, defaults filled in. */
export type NodeConfigFile = Static<typeof nodeConfigForm>
