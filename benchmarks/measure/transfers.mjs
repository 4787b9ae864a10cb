import { sharedLanes } from '../load/closed-loop.mjs'
import { medianOfRuns } from './throughput.mjs'

/** Per node: enough that a node never waits for work, few enough that its queue stays far below the limit. */
const lanesPerNode = 16
const perRequest = 128
const firstGuess = 6_000

/** Individually signed transfers among random accounts, as many as the nodes take. */
export function measureTransfers(bench) {
  const { network, packer, asset, accounts, options } = bench
  const prepare = async (count) => {
    const requests = await packer.singles({ asset, accounts, count, perRequest: options.quick ? 32 : perRequest })
    return () => sharedLanes(network.apis, requests, lanesPerNode)
  }
  return medianOfRuns(bench, {
    name: 'transfers',
    prepare,
    stage: 'proven',
    firstGuess: options.quick ? 2_000 : firstGuess,
  })
}
