import { sharedLanes } from '../load/closed-loop.mjs'
import { medianOfRuns } from './throughput.mjs'

/**
 * Per node: enough that a node never waits for work, few enough that its queue stays far below the limit. A smoke test keeps
 * little under way, so that a busy machine soon works it off.
 */
const load = { lanesPerNode: 16, perRequest: 128, firstGuess: 6_000 }
const quickLoad = { lanesPerNode: 2, perRequest: 8, firstGuess: 2_500 }

/** Individually signed transfers among random accounts, as many as the nodes take. */
export function measureTransfers(bench) {
  const { network, packer, asset, accounts, options } = bench
  const { lanesPerNode, perRequest, firstGuess } = options.quick ? quickLoad : load
  const prepare = async (count) => {
    const requests = await packer.singles({ asset, accounts, count, perRequest })
    return () => sharedLanes(network.apis, requests, lanesPerNode)
  }
  return medianOfRuns(bench, {
    name: 'transfers',
    prepare,
    stage: 'proven',
    firstGuess,
  })
}
