import { createServer } from 'node:net'
import type { LocalNetwork } from '@tallystick/node/config'
import { CliError } from '../errors.ts'

function faultOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** @throws {CliError} NETWORK_PORT_IN_USE naming the first port of the network that somebody else listens on. */
export async function checkPorts({ host, nodes }: LocalNetwork): Promise<void> {
  for (const { name, apiPort, peerPort } of nodes) {
    for (const port of [peerPort, apiPort]) {
      const fault = await faultOf(host, port)
      if (fault === undefined) continue
      throw new CliError('NETWORK_PORT_IN_USE', `${name} can not listen on ${host}:${port} (${fault})`, {
        port,
        node: name,
      })
    }
  }
}
