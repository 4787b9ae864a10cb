import { join, resolve } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { fromHex } from '@tallystick/core/codec'
import type { LedgerId } from '@tallystick/core/protocol'
import { ConfigError } from './errors.ts'
import { readText } from './read-text.ts'

const closed = { additionalProperties: false } as const
const port = Type.Integer({ minimum: 1, maximum: 65_535 })
const slug = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$' })

/** `network.json`: what a folder with a local network holds. Paths are relative to it. */
const networkForm = Type.Object(
  {
    version: Type.Literal(1),
    name: Type.String({ minLength: 1, maxLength: 64 }),
    ledger: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    createdMs: Type.Integer({ minimum: 0 }),
    host: Type.String({ minLength: 1, maxLength: 253 }),
    genesis: Type.String({ minLength: 1, maxLength: 4_096 }),
    nodes: Type.Array(
      Type.Object(
        { name: slug, member: slug, home: Type.String({ minLength: 1 }), apiPort: port, peerPort: port },
        closed,
      ),
      { minItems: 1, maxItems: 256 },
    ),
    members: Type.Array(
      Type.Object(
        {
          slug,
          identifier: Type.String({ minLength: 1, maxLength: 64 }),
          name: Type.String({ minLength: 1, maxLength: 256 }),
          roles: Type.Array(Type.String()),
          key: Type.String({ minLength: 1 }),
        },
        closed,
      ),
      { maxItems: 256 },
    ),
  },
  closed,
)
export type NetworkFile = Static<typeof networkForm>

/** A local network's folder, paths absolute. */
export interface LocalNetwork {
  readonly directory: string
  readonly name: string
  readonly ledger: LedgerId
  readonly createdMs: number
  readonly host: string
  readonly genesisPath: string
  readonly nodes: readonly {
    readonly name: string
    readonly member: string
    readonly home: string
    readonly apiPort: number
    readonly peerPort: number
    readonly apiUrl: string
  }[]
  readonly members: readonly {
    readonly slug: string
    readonly identifier: string
    readonly name: string
    readonly roles: readonly string[]
    readonly keyPath: string
  }[]
}

export const networkFilePath = (directory: string): string => join(directory, 'network.json')

/** Reads `network.json` of a network's folder. @throws {ConfigError} CONFIG_MISSING, CONFIG_UNREADABLE, CONFIG_INVALID */
export async function readLocalNetwork(directory: string): Promise<LocalNetwork> {
  const path = networkFilePath(directory)
  const codes = { missing: 'CONFIG_MISSING', unreadable: 'CONFIG_UNREADABLE', malformed: 'CONFIG_INVALID' } as const
  const text = await readText(path, 1_048_576, codes)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ConfigError('CONFIG_INVALID', path, `it is not JSON: ${(error as Error).message}`)
  }
  if (!Value.Check(networkForm, json)) {
    const problem = Value.Errors(networkForm, json).First()
    throw new ConfigError(
      'CONFIG_INVALID',
      path,
      `${problem?.path ?? 'the file'}: ${problem?.message ?? 'is not valid'}`,
    )
  }
  const root = resolve(directory)
  const { host } = json
  return {
    directory: root,
    name: json.name,
    ledger: fromHex(json.ledger) as Uint8Array as LedgerId,
    createdMs: json.createdMs,
    host,
    genesisPath: join(root, json.genesis),
    nodes: json.nodes.map((node) => ({
      ...node,
      home: join(root, node.home),
      apiUrl: `http://${host}:${node.apiPort}`,
    })),
    members: json.members.map(({ key, ...member }) => ({ ...member, keyPath: join(root, key) })),
  }
}
