import { readFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import { equalBytes, fromHex } from '@tallystick/core/codec'
import type { Genesis, LedgerId } from '@tallystick/core/protocol'
import { environmentPassphrase, type Key, type PassphraseSource, readKeyFile } from '../keys/index.ts'
import { ConfigError } from './errors.ts'
import { readGenesisFile } from './genesis-file.ts'
import { type NodeConfigFile, nodeConfigForm } from './node-config-form.ts'
import { readText } from './read-text.ts'

const configBytesMax = 1_048_576
const problemsShownMax = 8

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

export interface PeerAddress extends ListenAddress {
  readonly name: string
  readonly nodeKey: Uint8Array
}

/** A node's configuration: defaults filled in, paths absolute, keys and certificates still on disk. */
export interface NodeConfig {
  readonly home: string
  readonly name: string
  readonly ledger: LedgerId
  readonly genesisPath: string
  readonly nodeKeyPath: string
  /** Without it the node follows only. */
  readonly consensusKeyPath: string | undefined
  readonly peers: { readonly listen: ListenAddress; readonly known: readonly PeerAddress[] }
  readonly api: {
    readonly listen: ListenAddress
    readonly tls: { readonly certificatePath: string; readonly keyPath: string } | undefined
    readonly allowedOrigins: readonly string[]
    readonly allowedHosts: readonly string[]
    readonly trustedProxies: readonly string[]
    readonly limits: NodeConfigFile['api']['limits']
  }
  readonly storage: { readonly directory: string; readonly cacheBytesMax: number; readonly archive: boolean }
}

/** All that a node starts from. */
export interface NodeHome {
  readonly config: NodeConfig
  readonly genesis: Genesis
  readonly nodeKey: Key
  readonly consensusKey: Key | undefined
  /** PEM texts, where the API speaks TLS. */
  readonly apiTls: { readonly certificate: string; readonly key: string } | undefined
}

export const nodeConfigPath = (home: string): string => join(home, 'node.json')

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function validate(path: string, text: string): NodeConfigFile {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ConfigError('CONFIG_INVALID', path, `it is not JSON: ${(error as Error).message}`)
  }
  const filled = Value.Default(nodeConfigForm, json)
  if (Value.Check(nodeConfigForm, filled)) return filled
  const problems = [...Value.Errors(nodeConfigForm, filled)].slice(0, problemsShownMax)
  const detail = problems.map((problem) => `${problem.path === '' ? 'the file' : problem.path}: ${problem.message}`)
  throw new ConfigError('CONFIG_INVALID', path, detail.join('; '))
}

/** Reads and validates `HOME/node.json`. @throws {ConfigError} listing all wrong fields. */
export async function readNodeConfig(home: string): Promise<NodeConfig> {
  const path = nodeConfigPath(home)
  const codes = { missing: 'CONFIG_MISSING', unreadable: 'CONFIG_UNREADABLE', malformed: 'CONFIG_INVALID' } as const
  const file = validate(path, await readText(path, configBytesMax, codes))
  const { api, peers, storage, keys } = file
  if (api.tls === undefined && !isLoopback(api.listen.host)) {
    throw new ConfigError(
      'CONFIG_INVALID',
      path,
      '/api/listen/host: plain HTTP is for the loopback interface; set /api/tls',
    )
  }
  const root = resolve(home)
  const at = (relative: string): string => (isAbsolute(relative) ? relative : join(root, relative))
  return {
    home: root,
    name: file.name,
    ledger: fromHex(file.ledger) as Uint8Array as LedgerId,
    genesisPath: at(file.genesis),
    nodeKeyPath: at(keys.node),
    consensusKeyPath: keys.consensus === undefined ? undefined : at(keys.consensus),
    peers: {
      listen: peers.listen,
      known: peers.known.map((peer) => ({ ...peer, nodeKey: fromHex(peer.nodeKey) })),
    },
    api: {
      listen: api.listen,
      tls: api.tls === undefined ? undefined : { certificatePath: at(api.tls.certificate), keyPath: at(api.tls.key) },
      allowedOrigins: api.allowedOrigins,
      allowedHosts: api.allowedHosts,
      trustedProxies: api.trustedProxies,
      limits: api.limits,
    },
    storage: { ...storage, directory: at(storage.directory) },
  }
}

async function readPem(config: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError('CONFIG_INVALID', config, `/api/tls: ${path} can not be read (${error.code})`)
  })
}

function checkValidator(path: string, genesis: Genesis, nodeKey: Key, consensusKey: Key): void {
  const own = genesis.validators.find((validator) => equalBytes(validator.consensusKey, consensusKey.publicKey))
  if (own === undefined) {
    throw new ConfigError('CONFIG_KEY_NOT_IN_GENESIS', path, 'the consensus key is no validator of the genesis')
  }
  if (!equalBytes(own.nodeKey, nodeKey.publicKey)) {
    throw new ConfigError(
      'CONFIG_KEY_NOT_IN_GENESIS',
      path,
      'the node key is not the one that the genesis gives to the validator',
    )
  }
}

/**
 * Reads a node's home: configuration, genesis and keys, checked against each other.
 * @throws {ConfigError | KeyError} with the code of what is wrong.
 */
export async function loadNodeHome(
  home: string,
  passphrase: PassphraseSource = environmentPassphrase,
): Promise<NodeHome> {
  const config = await readNodeConfig(home)
  const genesis = await readGenesisFile(config.genesisPath, config.ledger)
  const nodeKey = await readKeyFile(config.nodeKeyPath, 'node', passphrase)
  const { consensusKeyPath } = config
  const consensusKey = consensusKeyPath && (await readKeyFile(consensusKeyPath, 'consensus', passphrase))
  const path = nodeConfigPath(home)
  if (consensusKey) checkValidator(path, genesis, nodeKey, consensusKey)
  const { tls } = config.api
  const apiTls = tls && {
    certificate: await readPem(path, tls.certificatePath),
    key: await readPem(path, tls.keyPath),
  }
  return { config, genesis, nodeKey, consensusKey: consensusKey || undefined, apiTls }
}
