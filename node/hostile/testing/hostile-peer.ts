import { ledgerOf } from '@tallystick/core/protocol'
import type { LocalNetwork } from '../../config/index.ts'
import { loadNodeHome, type NodeHome } from '../../config/index.ts'
import { encodeHello } from '../../network/hello.ts'
import { connectRaw, type RawPeer } from '../../network/testing/test-network.ts'

/** What a validator has: its keys, and where the others are. */
export interface StolenKeys {
  readonly home: NodeHome
  /** A connection of a channel to one of the others, which is one after its hello; it then sends what the test says. */
  connect(victim: number, channel: 'consensus' | 'data'): Promise<RawPeer>
}

/** @param index - The validator whose keys are used. Its own process must not run. */
export async function stealKeys(network: LocalNetwork, index: number): Promise<StolenKeys> {
  const home = await loadNodeHome(network.nodes[index]!.home)
  return {
    home,
    connect: async (victim, channel) => {
      const raw = await connectRaw(network.nodes[victim]!.peerPort, home.nodeKey.seed)
      raw.socket.on('error', () => {})
      raw.sendFrame('hello', encodeHello(ledgerOf(home.genesis), { channel, nodeVersion: 'hostile' }))
      return raw
    },
  }
}
