import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A connection that sends what the test says, from any address of the loopback interface (127.0.0.0/8 on Linux). */
export interface RawClient {
  readonly socket: Socket
  /** All that was received, once the connection is closed. */
  readonly closed: Promise<string>
}

export function rawClient(apiUrl: string, from: string, bytes: string | Uint8Array = ''): RawClient {
  const { hostname: host, port } = new URL(apiUrl)
  const socket = connect({ host, port: Number(port), localAddress: from })
  onTestFinished(() => void socket.destroy())
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => {})
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  })
  if (bytes.length > 0) socket.write(bytes)
  return { socket, closed }
}

/** The head of a request, with the empty line behind it. */
export function head(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'host: localhost', ...headers, '', ''].join('\r\n')
}

/** The status and the code of an answer. */
export function answerOf(text: string): string {
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 'none'
  return `${status} ${/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? ''}`.trim()
}
