export { nodeChannels } from './channels.ts'
export { NetworkError, type NetworkErrorCode, networkProblems } from './errors.ts'
export { defaultLimits, type NetworkLimits } from './limits.ts'
export type {
  Channel,
  ChannelOptions,
  ChannelStats,
  PeerAddress,
  PeerNetwork,
  PeerNetworkOptions,
  PeerState,
  PeerStats,
} from './options.ts'
export { createPeerNetwork } from './peer-network.ts'
