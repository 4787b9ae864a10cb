import { ConfigError, type LocalNetwork, readLocalNetwork } from '@tallystick/node/config'
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
