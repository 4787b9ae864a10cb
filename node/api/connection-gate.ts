import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface GateLimits {
  /** Open connections of all clients together. */
  readonly connectionsMax: number
  /** Open connections of one address; `undefined` where proxies bring the connections of many clients. */
  readonly connectionsPerAddressMax: number | undefined
  /** Requests of one connection that wait for their answers. */
  readonly pipelinedMax: number
}

export interface GateHooks {
  /** Answers and closes a connection; it is no longer counted. */
  refuse(socket: Socket, address: string): void
  /** A connection was ended, as it asked much more than it was answered. */
  tooManyAtOnce(address: string): void
}

interface Held {
  readonly socket: Socket
  readonly address: string
  requests: number
  last: { readonly request: IncomingMessage; readonly response: ServerResponse } | undefined
}

const placeOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}|${remotePort}`

/** Whether the node owes this connection no answer yet: nothing was asked, or not to its end. */
const isIdle = ({ requests, last }: Held): boolean => requests === 0 || last?.request.complete === false

/**
 * Bounds the open connections. Beyond the limit of an address a new one is refused; beyond that of all, the one that has been idle the
 * longest makes room, so that whoever fills the node with connections shuts out himself first.
 */
export class ConnectionGate {
  readonly #limits: GateLimits
  readonly #hooks: GateHooks
  /** Least recently used first; by the other end's address and port, which a TLS connection shares with the one below it. */
  readonly #held = new Map<string, Held>()
  readonly #byAddress = new Map<string, number>()

  constructor(limits: GateLimits, hooks: GateHooks) {
    this.#limits = limits
    this.#hooks = hooks
  }

  get size(): number {
    return this.#held.size
  }

  /** Stands in front of everything that the server does with a new connection. */
  guard(server: Server): void {
    const listeners = server.listeners('connection')
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => {
      if (this.#admit(socket)) for (const listener of listeners) listener.call(server, socket)
    })
    const handlers = server.listeners('request')
    server.removeAllListeners('request')
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (this.#enter(request, response)) for (const handler of handlers) handler.call(server, request, response)
    })
  }

  /** Requests that came in one piece are all told, also when the connection has ended at the first of them. */
  #enter(request: IncomingMessage, response: ServerResponse): boolean {
    const place = placeOf(request.socket)
    const held = this.#held.get(place)
    if (held === undefined || request.socket.destroyed) return false
    if (held.requests >= this.#limits.pipelinedMax) {
      this.#hooks.tooManyAtOnce(held.address)
      request.socket.destroy()
      return false
    }
    held.requests++
    held.last = { request, response }
    response.once('close', () => {
      held.requests--
      if (this.#held.delete(place)) this.#held.set(place, held)
    })
    return true
  }

  #admit(socket: Socket): boolean {
    const address = socket.remoteAddress ?? ''
    const own = this.#byAddress.get(address) ?? 0
    const { connectionsMax, connectionsPerAddressMax = Number.POSITIVE_INFINITY } = this.#limits
    if (own >= connectionsPerAddressMax || (this.#held.size >= connectionsMax && !this.#makeRoom())) {
      this.#hooks.refuse(socket, address)
      return false
    }
    const place = placeOf(socket)
    this.#held.set(place, { socket, address, requests: 0, last: undefined })
    this.#byAddress.set(address, own + 1)
    socket.once('close', () => this.#forget(place))
    return true
  }

  #makeRoom(): boolean {
    for (const [place, held] of this.#held) {
      if (!isIdle(held)) continue
      this.#forget(place)
      if (held.last?.response.headersSent === true && held.requests > 0) held.socket.destroy()
      else this.#hooks.refuse(held.socket, held.address)
      return true
    }
    return false
  }

  #forget(place: string): void {
    const held = this.#held.get(place)
    if (held === undefined) return
    this.#held.delete(place)
    const left = (this.#byAddress.get(held.address) ?? 1) - 1
    if (left === 0) this.#byAddress.delete(held.address)
    else this.#byAddress.set(held.address, left)
  }
}
