import { HashBatch } from '@tallystick/core/crypto'
import { Ledger } from '@tallystick/core/ledger'
import {
  blockHashOf,
  payloadRootOf,
  plainTransferIds,
  readTransactionList,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { ownCpuMs } from '../machine/limits.mjs'

const perBlock = 1_024

/**
 * Applies submissions to a ledger of its own in this process: no signature check, no disk, no network.
 * @param setUp - Submissions that open and fund the accounts. @param measured - Submissions of transfers.
 * @returns µs of CPU time per transaction of `measured`
 */
export function executionUsPerTransaction(genesis, setUp, measured) {
  const start = Ledger.fromGenesis(genesis)
  const { ledger } = start
  let { header } = start
  const apply = (transactions) => {
    header = {
      ...header,
      height: header.height + 1,
      parent: blockHashOf(header),
      timeMs: Math.max(Date.now(), header.timeMs),
      payloadRoot: payloadRootOf([]),
      executed: { height: header.height, stateRoot: ledger.stateRoot, historyRoot: new Uint8Array(32) },
    }
    const before = ownCpuMs()
    const { receipts } = ledger.applyBlock(header, transactions)
    const tookMs = ownCpuMs() - before
    const good = receipts.filter((receipt) => (receipt.receipt ?? receipt).result === 'OK').length
    if (good !== transactions.length)
      throw new Error(`${transactions.length - good} transactions failed in one process`)
    return tookMs
  }
  const hashes = new HashBatch()
  // As a node reads them: plain transfers stay bytes.
  const read = (body) =>
    readTransactionList(body, 0).items.map((item) =>
      'transaction' in item
        ? { id: transactionIdOf(item.transaction.body), transaction: item.transaction }
        : { id: plainTransferIds(hashes, [item]), plain: item },
    )
  for (const body of setUp) apply(read(body))
  const transactions = measured.flatMap(read)
  const warm = Math.floor(transactions.length / 4)
  let tookMs = 0
  for (let from = 0; from < transactions.length; from += perBlock) {
    const ms = apply(transactions.slice(from, from + perBlock))
    if (from >= warm) tookMs += ms
  }
  const counted = transactions.length - Math.ceil(warm / perBlock) * perBlock
  return (1_000 * tookMs) / counted
}
