/** What can be wrong with a node's home, its configuration or its genesis, and what to do about it. */
export const configProblems = {
  CONFIG_MISSING: 'Check the path, or create a network with `tallystick network create`.',
  CONFIG_UNREADABLE: 'Give the user that runs this command the right to read the file.',
  CONFIG_INVALID: 'Correct the fields that are named; docs/cli.md describes node.json.',
  CONFIG_KEY_NOT_IN_GENESIS:
    'Name the key files of the validator that this node is, or leave out the consensus key to follow only.',
  CONFIG_HOME_EXISTS: 'Choose another folder, or remove this network with `tallystick network reset`.',
  CONFIG_NO_FREE_PORT: 'Stop programs that listen on many ports, or name the ports with --port-base.',
  GENESIS_MISSING: 'Copy genesis.json from another node of the network; every node has the same one.',
  GENESIS_UNREADABLE: 'Give the user that runs this command the right to read the file.',
  GENESIS_MALFORMED: 'Copy genesis.json from another node of the network, byte for byte.',
  GENESIS_CORRUPTED: 'Copy genesis.json from another node of the network, byte for byte.',
} as const

export type ConfigErrorCode = keyof typeof configProblems

/** A home, configuration or genesis that can't be used; `path` is the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code: ConfigErrorCode
  readonly path: string
  readonly remedy: string

  constructor(code: ConfigErrorCode, path: string, detail: string) {
    super(`${path}: ${detail}`)
    this.code = code
    this.path = path
    this.remedy = configProblems[code]
  }
}
