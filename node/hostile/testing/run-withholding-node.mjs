// A validator that lists batches in its proposals and gives them to nobody: run-withholding-node.mjs HOME. It is the node itself, with
// a network that keeps batches back and makes it believe that the others hold them.
import { decode } from '@tallystick/core/codec'
import { dataMessage } from '../../dist/mempool/messages.js'
import { createPeerNetwork } from '../../dist/network/index.js'

const listen = { host: '127.0.0.1', port: 0 }
const nodeKeySeed = new Uint8Array(32).fill(1)
const sample = createPeerNetwork({ ledger: new Uint8Array(32), nodeKeySeed, nodeVersion: '0', listen, peers: [] })
const network = Object.getPrototypeOf(sample)
const { send, broadcast, onMessage } = network
const listeners = []

const kindOf = (channel, message) => (channel === 'data' ? decode(dataMessage, message).kind : 'other')
network.onMessage = function (channel, listener) {
  if (channel === 'data') listeners.push(listener)
  return onMessage.call(this, channel, listener)
}
network.send = function (peer, channel, message) {
  return kindOf(channel, message) === 'batch' || send.call(this, peer, channel, message)
}
network.broadcast = function (channel, message) {
  const kind = kindOf(channel, message)
  if (kind === 'batch') return
  broadcast.call(this, channel, message)
  if (kind !== 'have') return
  for (const peer of this.connected('data')) for (const listener of listeners) listener(peer, message)
}

await import('../../testing/run-node.mjs')
