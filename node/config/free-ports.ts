import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { ConfigError } from './errors.ts'

/** Below the range that systems give to outgoing connections (from 32768 on Linux), so a kept port stays free. */
const lowest = 20_000
const highest = 32_000
const attemptsMax = 200

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/**
 * Consecutive ports that nobody listens on now.
 * @param first - Where to look only; without it, at random places.
 * @throws {ConfigError} CONFIG_NO_FREE_PORT
 */
export async function freePorts(host: string, count: number, first?: number): Promise<number[]> {
  for (let attempt = 0; attempt < (first === undefined ? attemptsMax : 1); attempt++) {
    const from = first ?? randomInt(lowest, highest - count)
    const ports = Array.from({ length: count }, (_, i) => from + i)
    const free = await Promise.all(ports.map((port) => isFree(host, port)))
    if (free.every(Boolean)) return ports
  }
  const where = first === undefined ? `in ${lowest}..${highest}` : `from ${first} on`
  throw new ConfigError('CONFIG_NO_FREE_PORT', host, `no ${count} free ports in a row ${where}`)
}
