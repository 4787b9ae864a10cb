import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { toHex } from '@tallystick/core/codec'
import { ed25519PublicKey } from '@tallystick/core/crypto'
import { onTestFinished } from 'vitest'
import { createIdentity } from '../certificate.ts'
import { type FrameKind, frameHeader } from '../frames.ts'
import { createPeerNetwork, type PeerNetwork, type PeerNetworkOptions } from '../index.ts'
import { tlsSettings } from '../tls-settings.ts'

export const ledger = new Uint8Array(32).fill(9)

/** Small times, so that what has to happen happens soon. */
export const quick = {
  pingMs: 50,
  silenceMsMax: 2_000,
  redialMs: 10,
  redialMsMax: 50,
  dialTurnMs: 100,
  refusalMs: 200,
  handshakeMs: 2_000,
}

export const channels = [
  { name: 'consensus', messageBytesMax: 100_000, queueBytesMax: 400_000 },
  { name: 'data', messageBytesMax: 1_000_000, queueBytesMax: 4_000_000 },
]

export interface TestNode {
  readonly network: PeerNetwork
  readonly key: string
  readonly seed: Uint8Array
  readonly log: string[]
}

/** Seeds in the order of their public keys. */
export function seedsInOrder(count: number): Uint8Array[] {
  const seeds = Array.from({ length: count }, (_, i) => new Uint8Array(32).fill(i + 1))
  const keyOf = (seed: Uint8Array): string => toHex(ed25519PublicKey(seed))
  return seeds.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

export const keyOfSeed = (seed: Uint8Array): string => toHex(ed25519PublicKey(seed))

/** Starts a node on a port of the system's choice; it is stopped when the test ends. */
export async function startNode(
  seed: Uint8Array,
  peers: readonly { readonly seed: Uint8Array; readonly port: number }[],
  changes: Partial<PeerNetworkOptions> = {},
): Promise<TestNode> {
  const log: string[] = []
  const network = createPeerNetwork({
    ledger,
    nodeKeySeed: seed,
    nodeVersion: '0.0.0-test',
    listen: { host: '127.0.0.1', port: 0 },
    peers: peers.map(({ seed: peer, port }, i) => {
      return { nodeKey: ed25519PublicKey(peer), name: `peer-${i}`, host: '127.0.0.1', port }
    }),
    channels,
    log: (line) => log.push(line),
    ...changes,
    limits: { ...quick, ...changes.limits },
  })
  await network.start()
  onTestFinished(() => network.stop())
  return { network, key: keyOfSeed(seed), seed, log }
}

/** A port where nobody listens: the discard service. */
export const nowhere = 9

/** Waits until something holds, and says what did not where it takes too long. */
export async function until(what: string, holds: () => boolean, timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export interface RawPeer {
  readonly socket: TLSSocket
  /** Everything received so far. */
  received(): Buffer
  readonly closed: Promise<void>
  sendFrame(kind: FrameKind, content: Uint8Array): void
}

/** A TLS connection with a peer's key that does what the test says, not what the protocol says. */
export function connectRaw(port: number, seed: Uint8Array, changes: ConnectionOptions = {}): Promise<RawPeer> {
  const socket = connect({ host: '127.0.0.1', port, servername: '', ...tlsSettings(createIdentity(seed)), ...changes })
  onTestFinished(() => void socket.destroy())
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()))
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('secureConnect', () =>
      resolve({
        socket,
        closed,
        received: () => Buffer.concat(chunks),
        sendFrame: (kind, content) => void socket.write(Buffer.concat([frameHeader(kind, content.length), content])),
      }),
    )
  })
}
