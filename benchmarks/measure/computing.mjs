import { availableParallelism } from 'node:os'
import { verificationsPerSecond } from '../machine/limits.mjs'
import { executionUsPerTransaction } from './execution.mjs'

const sampleTransfers = 16_384
const perRequest = 128

/**
 * What one core can do with transfers of this run, and from it the limit: all cores do nothing but check each signature
 * and execute each transfer once for every validator.
 */
export async function measureComputing(bench, setUpPhases) {
  const { packer, asset, accounts, genesis, run, options } = bench
  const count = options.quick ? sampleTransfers / 8 : sampleTransfers
  const requests = await packer.singles({ asset, accounts, count, perRequest })
  const perSecond = verificationsPerSecond(run.ledger, requests[0])
  const executionUs = executionUsPerTransaction(
    genesis,
    setUpPhases.flat().map(({ body }) => body),
    requests.map(({ body }) => body),
  )
  const cores = availableParallelism()
  return {
    verificationsPerSecondOfOneCore: perSecond,
    executionUsPerTransfer: executionUs,
    transfersPerSecondCheckedOnly: (cores * perSecond) / options.validators,
    transfersPerSecond: cores / ((options.validators * (1_000_000 / perSecond + executionUs)) / 1_000_000),
  }
}
