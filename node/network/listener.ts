import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls'
import type { Identity } from './certificate.ts'
import { NetworkError, type NetworkErrorCode } from './errors.ts'
import type { NetworkLimits } from './limits.ts'
import { authenticatedKey, tlsSettings } from './tls-settings.ts'

/** A connection that has not said hello yet. It is closed when its time is up. */
export interface Pending {
  readonly socket: TLSSocket
  readonly key: Uint8Array
  /** The time no longer runs, and it no longer counts. */
  settled(): void
}

export interface ListenerHandlers {
  /** The other end holds this key. Whether it is a peer's is for the owner to say. */
  authenticated(pending: Pending): void
  /** @param address - The other end's. */
  refused(code: NetworkErrorCode, address: string): void
}

const listenErrors: Readonly<Record<string, NetworkErrorCode>> = {
  EADDRINUSE: 'NETWORK_PORT_IN_USE',
  EACCES: 'NETWORK_PORT_FORBIDDEN',
  EADDRNOTAVAIL: 'NETWORK_ADDRESS_UNKNOWN',
  ENOTFOUND: 'NETWORK_ADDRESS_UNKNOWN',
}

const placeOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}|${remotePort}`

/** Accepts connections, few at a time and for a short time, until the other end has proven its key. */
export class Listener {
  readonly #limits: NetworkLimits
  readonly #handlers: ListenerHandlers
  readonly #tcp: Server
  readonly #tls: TlsServer
  /** By the other end's address and port, which is unique among open connections. */
  readonly #pending = new Map<
    string,
    { readonly raw: Socket; readonly timer: NodeJS.Timeout; readonly address: string }
  >()

  constructor(identity: Identity, limits: NetworkLimits, handlers: ListenerHandlers) {
    this.#limits = limits
    this.#handlers = handlers
    this.#tls = createTlsServer({ ...tlsSettings(identity), requestCert: true, handshakeTimeout: limits.handshakeMs })
    this.#tls.on('secureConnection', (socket) => this.#secured(socket))
    this.#tls.on('tlsClientError', (_error, socket) => this.#failed(socket))
    this.#tcp = createServer((raw) => this.#accepted(raw))
  }

  get pendingCount(): number {
    return this.#pending.size
  }

  #accepted(raw: Socket): void {
    const place = placeOf(raw)
    const address = raw.remoteAddress ?? ''
    const { pendingConnectionsMax, pendingPerAddressMax } = this.#limits
    const own = [...this.#pending.values()].filter((pending) => pending.address === address).length
    if (own >= pendingPerAddressMax) {
      this.#handlers.refused('NETWORK_TOO_MANY_PENDING', address)
      raw.destroy()
      return
    }
    if (this.#pending.size >= pendingConnectionsMax) this.#dropOldest()
    const timer = setTimeout(() => {
      this.#handlers.refused('NETWORK_HANDSHAKE_TIMEOUT', address)
      raw.destroy()
    }, this.#limits.handshakeMs)
    this.#pending.set(place, { raw, timer, address })
    raw.once('close', () => this.#forget(place))
    raw.on('error', () => raw.destroy())
    this.#tls.emit('connection', raw)
  }

  /** A peer shows its key within moments: whoever took the longest is none. */
  #dropOldest(): void {
    const [oldest] = this.#pending
    if (oldest === undefined) return
    const [place, { raw, address }] = oldest
    this.#forget(place)
    this.#handlers.refused('NETWORK_TOO_MANY_PENDING', address)
    raw.destroy()
  }

  #forget(place: string): boolean {
    const found = this.#pending.get(place)
    clearTimeout(found?.timer)
    return this.#pending.delete(place)
  }

  #failed(socket: TLSSocket): void {
    // What was dropped, or was too slow, counts as that.
    if (this.#pending.has(placeOf(socket)))
      this.#handlers.refused('NETWORK_HANDSHAKE_FAILED', socket.remoteAddress ?? '')
    socket.destroy()
  }

  #secured(socket: TLSSocket): void {
    const place = placeOf(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#forget(place))
    try {
      this.#handlers.authenticated({ socket, key: authenticatedKey(socket), settled: () => void this.#forget(place) })
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      this.#handlers.refused(error.code, socket.remoteAddress ?? '')
      socket.destroy()
    }
  }

  /** @throws {NetworkError} with the reason why it can't listen there. */
  listen(host: string, port: number): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#tcp.once('error', (cause: NodeJS.ErrnoException) => {
        const code = listenErrors[cause.code ?? ''] ?? 'NETWORK_LISTEN_FAILED'
        reject(new NetworkError(code, `${host}:${port}`, cause))
      })
      this.#tcp.listen({ host, port, exclusive: true }, () => {
        this.#tcp.removeAllListeners('error')
        this.#tcp.on('error', () => this.#handlers.refused('NETWORK_LISTEN_FAILED', host))
        resolve(this.#tcp.address() as AddressInfo)
      })
    })
  }

  /** Stops listening; connections that were admitted are their owner's. */
  async close(): Promise<void> {
    for (const { raw } of this.#pending.values()) raw.destroy()
    await new Promise<void>((resolve) => this.#tcp.close(() => resolve()))
  }
}
