import { toHex } from '@tallystick/core/codec'
import type { Peer } from '@tallystick/core/consensus'
import type { Validator } from '@tallystick/core/protocol'
import type { DataNetworkPort } from '../mempool/index.ts'
import type { PeerNetwork } from '../network/index.ts'
import type { ConsensusNetworkPort, NetworkHandlers } from '../simplex/index.ts'

/** The consensus channel as the engine sees it: peers are named by their node key. */
export function consensusChannel(network: PeerNetwork, validators: readonly Validator[]): ConsensusNetworkPort {
  const indexes = indexByKey(validators)
  const peerOf = (nodeKey: string): Peer => ({ id: nodeKey, validator: indexes.get(nodeKey) })
  return {
    send: (to, bytes) => void network.send(to, 'consensus', bytes),
    broadcast: (bytes) => network.broadcast('consensus', bytes),
    disconnect: (peer, reason) => network.disconnect(peer, reason),
    subscribe(handlers: NetworkHandlers) {
      network.onPeer((peer, channel, event) => {
        if (channel !== 'consensus') return
        if (event === 'connected') handlers.connected(peerOf(peer))
        else handlers.disconnected(peerOf(peer))
      })
      network.onMessage('consensus', (peer, bytes) => handlers.message(peerOf(peer), bytes))
      for (const peer of network.connected('consensus')) handlers.connected(peerOf(peer))
    },
  }
}

/** The data channel of the mempool, and how it hears of messages. */
export interface DataChannel extends DataNetworkPort {
  subscribe(receive: (validator: number, bytes: Uint8Array) => void): void
}

/** The data channel as the mempool sees it: peers are named by their index among the validators. */
export function dataChannel(network: PeerNetwork, validators: readonly Validator[]): DataChannel {
  const indexes = indexByKey(validators)
  const keyOf = (validator: number): string => toHex(validators[validator]!.nodeKey)
  return {
    connected: () => network.connected('data').flatMap((peer) => indexes.get(peer) ?? []),
    send: (validator, message) => void network.send(keyOf(validator), 'data', message),
    broadcast: (message) => network.broadcast('data', message),
    pause: (validator) => network.pause(keyOf(validator), 'data'),
    resume: (validator) => network.resume(keyOf(validator), 'data'),
    disconnect: (validator, reason) => network.disconnect(keyOf(validator), reason),
    subscribe(receive) {
      network.onMessage('data', (peer, bytes) => {
        const validator = indexes.get(peer)
        if (validator !== undefined) receive(validator, bytes)
      })
    },
  }
}

function indexByKey(validators: readonly Validator[]): Map<string, number> {
  return new Map(validators.map(({ nodeKey }, index) => [toHex(nodeKey), index]))
}
