export { createGenesis, type GenesisPlan, type PlannedMember } from './create-genesis.ts'
export { type DemoMember, demoMembers } from './demo-members.ts'
export { ConfigError, type ConfigErrorCode, configProblems } from './errors.ts'
export { freePorts } from './free-ports.ts'
export { genesisText, readGenesisFile } from './genesis-file.ts'
export { createLocalNetwork, type LocalNetworkOptions } from './local-network.ts'
export { type LocalNetwork, networkFilePath, readLocalNetwork } from './network-file.ts'
export {
  type ListenAddress,
  loadNodeHome,
  type NodeConfig,
  type NodeHome,
  nodeConfigPath,
  type PeerAddress,
  readNodeConfig,
} from './node-config.ts'
