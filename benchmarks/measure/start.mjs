import { createClient } from '@tallystick/client'
import { decode } from '@tallystick/core/codec'
import { submission } from '@tallystick/core/protocol'
import { closedLoop, debtorLanes, sharedLanes } from '../load/closed-loop.mjs'
import { provenOutcomes, untilQuiet } from '../load/outcomes.mjs'
import { lastIdOf } from '../load/submit.mjs'
import { bytesOnDisk, residentBytesOf } from '../machine/processes.mjs'

/** Of the transfers that are missing, one in so many is a transaction of its own. */
const singleEvery = 50
const lanesPerNode = 8
const perRequest = 128

/** Transactions are valid for ten minutes: more are signed only when these are in. */
const packedPerRound = 200_000

async function fill(bench, missing) {
  const { network, packer, asset, accounts, debtors, transfersPerPacked: transfers, say } = bench
  const singles = await packer.singles({ asset, accounts, count: Math.floor(missing / singleEvery), perRequest })
  const settle = async (lanes, stage) => {
    const { sent } = await closedLoop({ lanes, stage, isOver: () => false })
    await untilQuiet(network)
    return (await provenOutcomes(network, sent)).reduce((sum, { request }) => sum + request.transfers, 0)
  }
  let filled = await settle(sharedLanes(network.apis, singles, lanesPerNode), 'proven')
  while (filled < missing) {
    const count = Math.min(packedPerRound, missing - filled)
    const requests = await packer.packed({ asset, accounts, count, transfers, debtors })
    filled += await settle(debtorLanes(network.apis, requests), 'final')
    say(`${filled} of ${missing} transfers more`)
  }
  return filled
}

/**
 * From the start of all processes to the first verified receipt of a new transaction, on a ledger with many transfers.
 * @param present - Transfers that the ledger has already.
 */
export async function measureStart(bench, present) {
  const { network, options, packer, asset, accounts, genesisText } = bench
  const transfers = present + (await fill(bench, Math.max(0, options.ledgerTransfers - present)))
  const residentBytes = network.nodes.map(({ pid }) => residentBytesOf(pid))
  const disk = network.nodes.map(({ data }) => bytesOnDisk(data))
  const [request] = await packer.singles({ asset, accounts, count: 1, perRequest: 1 })
  const [transaction] = decode(submission, request.body)
  await network.stop()

  const start = performance.now()
  await network.start()
  const readySeconds = (performance.now() - start) / 1_000
  const client = createClient({ nodes: network.apis.map(({ url }) => url), genesis: genesisText })
  const { id } = await client.submit(transaction)
  await client.waitFor(id, 'proven')
  const { receipt } = await client.verifiedReceipt(id)
  const firstReceiptSeconds = (performance.now() - start) / 1_000
  if (receipt.result !== 'OK') throw new Error(`the first receipt is ${receipt.result}: ${lastIdOf(request)}`)
  await untilQuiet(network)
  return {
    transfers,
    readySeconds,
    firstReceiptSeconds,
    residentBytesBefore: Math.max(...residentBytes),
    residentBytesAfter: Math.max(...network.nodes.map(({ pid }) => residentBytesOf(pid))),
    diskBytesPerNode: Math.max(...disk),
  }
}
