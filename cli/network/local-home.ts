import { relative } from 'node:path'
import { ConfigError, createLocalNetwork, type LocalNetwork, readLocalNetwork } from '@tallystick/node/config'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'

/** The network of a home. @throws {CliError} NETWORK_MISSING if there is none; ConfigError if its file is damaged. */
export async function localNetworkOf(home: string): Promise<LocalNetwork> {
  try {
    return await readLocalNetwork(home)
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'CONFIG_MISSING') {
      throw new CliError('NETWORK_MISSING', `there is no network in ${home}`)
    }
    throw error
  }
}

/** The network of a home; one of four validators is created if there is none. @throws ConfigError if its file is damaged. */
export async function existingOrNewNetwork({ home, output, terminal }: Context): Promise<LocalNetwork> {
  try {
    return await localNetworkOf(home)
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'NETWORK_MISSING') throw error
  }
  output.line(`creating a network of four validators in ${relative(terminal.cwd, home) || home}`)
  return createLocalNetwork({ directory: home })
}
