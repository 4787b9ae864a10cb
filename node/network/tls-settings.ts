import type { TLSSocket, TlsOptions } from 'node:tls'
import { type Identity, publicKeyOf } from './certificate.ts'
import { NetworkError } from './errors.ts'
import { alpnProtocol } from './hello.ts'

/**
 * TLS 1.3 alone, Ed25519 alone. There is no authority to ask, so Node's own check is off and `authenticatedKey` takes its place,
 * before a byte is read.
 */
export function tlsSettings(identity: Identity) {
  return {
    key: identity.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    cert: identity.certificate,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    sigalgs: 'ed25519',
    ALPNProtocols: [alpnProtocol],
    rejectUnauthorized: false,
  } as const satisfies TlsOptions
}

/**
 * The key that the other end has proven to hold, after the handshake.
 * @throws {NetworkError} if there is none. A resumed session is refused, since it proves nothing anew; neither side offers one.
 */
export function authenticatedKey(socket: TLSSocket): Uint8Array {
  if (socket.getProtocol() !== 'TLSv1.3' || socket.alpnProtocol !== alpnProtocol || socket.isSessionReused()) {
    throw new NetworkError('NETWORK_HANDSHAKE_FAILED')
  }
  const key = publicKeyOf(socket.getPeerX509Certificate())
  if (key === undefined) throw new NetworkError('NETWORK_UNKNOWN_KEY')
  return key
}
