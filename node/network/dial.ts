import { connect, type TLSSocket } from 'node:tls'
import { equalBytes } from '@tallystick/core/codec'
import type { Identity } from './certificate.ts'
import { NetworkError } from './errors.ts'
import type { PeerAddress } from './options.ts'
import { authenticatedKey, tlsSettings } from './tls-settings.ts'

/**
 * Connects to a peer and checks that it is that peer. Nothing was sent or read yet.
 * @throws {NetworkError} `NETWORK_CLOSED` if nobody listens, `NETWORK_HANDSHAKE_TIMEOUT`, `NETWORK_HANDSHAKE_FAILED`,
 * `NETWORK_UNKNOWN_KEY`.
 */
export function dial(
  { host, port, nodeKey }: PeerAddress,
  identity: Identity,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, servername: '', ...tlsSettings(identity) })
    const fail = (error: NetworkError): void => {
      settle()
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(() => fail(new NetworkError('NETWORK_HANDSHAKE_TIMEOUT')), timeoutMs)
    const abort = (): void => fail(new NetworkError('NETWORK_STOPPED'))
    let reached = false
    const settle = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    socket.on('connect', () => {
      reached = true
    })
    socket.on('error', (cause) => {
      fail(new NetworkError(reached ? 'NETWORK_HANDSHAKE_FAILED' : 'NETWORK_CLOSED', cause.message, cause))
    })
    socket.on('close', () => fail(new NetworkError(reached ? 'NETWORK_HANDSHAKE_FAILED' : 'NETWORK_CLOSED')))
    socket.once('secureConnect', () => {
      try {
        if (!equalBytes(authenticatedKey(socket), nodeKey)) throw new NetworkError('NETWORK_UNKNOWN_KEY')
        settle()
        resolve(socket)
      } catch (error) {
        fail(error as NetworkError)
      }
    })
  })
}
