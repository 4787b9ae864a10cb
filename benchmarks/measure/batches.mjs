import { debtorLanes } from '../load/closed-loop.mjs'
import { medianOfRuns } from './throughput.mjs'

const firstGuess = 30_000

/** Packed transactions: one debited account, thousands of groups with a transfer each. */
export function measureBatches(bench) {
  const { network, packer, asset, accounts, debtors, transfersPerPacked: transfers, options } = bench
  const prepare = async (count) => {
    const requests = await packer.packed({ asset, accounts, count, transfers, debtors })
    return () => debtorLanes(network.apis, requests)
  }
  const guess = options.quick ? 4_000 : firstGuess
  return medianOfRuns(bench, { name: 'batches', prepare, stage: 'final', firstGuess: guess })
}
