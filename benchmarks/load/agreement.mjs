import { createClient } from '@tallystick/client'
import { fromHex } from '@tallystick/core/codec'
import { executedBy, readMetrics } from '../network/metrics.mjs'

const samplesPerNode = 100
/** The proof of a packed transaction's receipt is made of thousands of items. */
const packedSamplesPerNode = 10

/**
 * Every node has executed the same: counts, heights and state roots are equal, and receipts from each verify down to the
 * genesis.
 * @param outcomes - { id, request } of transactions, hexadecimal. @returns how many receipts were verified
 */
export async function checkAgreement(network, genesisText, outcomes) {
  const [metrics, states] = await Promise.all([
    Promise.all(network.apis.map(readMetrics)),
    Promise.all(network.apis.map((api) => api.getJson('/v1/status'))),
  ])
  const counts = metrics.map(executedBy)
  // A node that was started again has executed some blocks twice.
  if (network.starts === 1 && new Set(counts).size !== 1)
    throw new Error(`the nodes executed different numbers: ${counts.join(', ')}`)
  const executed = Math.min(...states.map(({ heights }) => heights.executed))
  const blocks = await Promise.all(network.apis.map((api) => api.getJson(`/v1/blocks/${executed}`)))
  const roots = new Set(blocks.map((block) => block.executed.stateRoot))
  if (roots.size !== 1) throw new Error(`the nodes have different state roots at height ${executed}`)
  const verified = await Promise.all(
    network.apis.map(async (api, node) => {
      const client = createClient({ nodes: [api.url], genesis: genesisText })
      const wanted = outcomes[0].request.transfers > 1 ? packedSamplesPerNode : samplesPerNode
      // A call of a contract needn't move anything.
      const { movesNothing } = outcomes[0].request
      const step = Math.max(1, Math.floor(outcomes.length / wanted))
      const ids = outcomes.filter((_, i) => i % step === node % step).map(({ id }) => fromHex(id))
      const receipts = await client.verifiedReceipts(
        ids.map((id) => ({ id, items: [0], entries: movesNothing ? [] : [0] })),
      )
      for (const receipt of receipts) if (receipt instanceof Error) throw receipt
      if (receipts.some(({ receipt }) => receipt.result !== 'OK')) throw new Error('a verified receipt is not OK')
      return receipts.length
    }),
  )
  return verified.reduce((sum, count) => sum + count, 0)
}
