import { createServer, type RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import { type ApiSettings, createApi } from '../../node/api/create-api.ts'
import { FakePort } from '../../node/api/testing/fake-port.ts'
import type { ClientOptions } from '../client.ts'
import { createClient } from '../create-client.ts'
import { genesisText } from './tiny-chain.ts'

/** A node's real API over the tiny chain; `change` makes it lie. */
export async function startNode(change: (port: FakePort) => void = () => {}, settings: ApiSettings = {}) {
  const port = new FakePort()
  change(port)
  const api = await createApi(port, settings)
  const url = await api.listen()
  onTestFinished(() => api.close())
  return { url, port, api }
}

/** A server that answers as a test wants. */
export async function startServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

/** An address where nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

export const clientOf = (nodes: readonly string[], options: Partial<ClientOptions> = {}) =>
  createClient({ nodes, genesis: genesisText, requestTimeoutMs: 2_000, retryTimeMs: 0, ...options })
