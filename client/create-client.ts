import type { Client, ClientOptions } from './client.ts'
import { ClientError } from './errors.ts'

/** @throws {ClientError} CLIENT_GENESIS_MALFORMED, CLIENT_NODE_ADDRESS_INVALID. */
export function createClient(options: ClientOptions): Client {
  throw new ClientError('CLIENT_NO_NODE_ANSWERED', { detail: options.nodes.join() })
}
