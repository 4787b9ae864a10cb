export { networkProblems } from './errors.ts'
export type { PeerNetwork, PeerNetworkOptions } from './options.ts'
export { createPeerNetwork } from './peer-network.ts'
