import { ledgerOf } from '@tallystick/core/protocol'
import type { NodeHome } from '../config/index.ts'
import { createPeerNetwork, type PeerNetwork } from '../network/index.ts'
import { createRefusalLog } from './refusal-log.ts'
import { nodeVersion } from './version.ts'

/** The network among the peers of node.json; it does not listen before its `start`. */
export function openNetwork({ config, genesis, nodeKey }: NodeHome, log: (line: string) => void): PeerNetwork {
  return createPeerNetwork({
    ledger: ledgerOf(genesis),
    nodeKeySeed: nodeKey.seed,
    nodeVersion,
    listen: config.peers.listen,
    peers: config.peers.known,
    log,
    onRefused: createRefusalLog(log),
  })
}
