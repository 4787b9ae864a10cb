import { type Hash, type HashBatch, listRoot, listTreeOfPacked, type TreeList } from '../../crypto/index.ts'
import {
  type AccountId,
  type AssetId,
  blindingSalts,
  type Entry,
  type LedgerId,
  type PlainTransfers,
  type Receipt,
  type ReceiptItem,
  receiptListKind,
  resultOfNumber,
  results,
  type TransactionId,
  transferAt,
} from '../../protocol/index.ts'
import { lineNumbers, overallOf } from './lane-results.ts'
import { hashBlinds, hashEntries, hashItems } from './transfer-leaves.ts'

/** A receipt, and what stands under its roots. */
export interface OpenedReceipt {
  readonly receipt: Receipt
  readonly items: TreeList<{ readonly item: ReceiptItem; readonly blind: Hash }>
  readonly entries: TreeList<{ readonly entry: Entry; readonly blind: Hash }>
}

/** What was executed: the transaction, and what the lane kept of it (`TransfersReceipt`). */
export interface KeptTransfers {
  readonly id: TransactionId
  readonly plain: PlainTransfers
  readonly ledger: LedgerId
  readonly height: number
  readonly timeMs: number
  readonly index: number
  readonly results: Uint8Array
  readonly lines: Float64Array
}

const noEvents = listRoot(receiptListKind.events, [])

/**
 * Makes the receipt of a transaction of transfers again. All leaves are hashed, stage by stage as when it was executed; an
 * item or an entry becomes an object when it is asked for.
 */
export function openTransfers(hashes: HashBatch, kept: KeptTransfers): OpenedReceipt {
  const { id, plain, ledger, height, timeMs, index, lines } = kept
  const executed = [{ plain, results: kept.results, saltAt: 0, lines: lines.length / lineNumbers }]
  const salts = blindingSalts(hashes, [plain])
  const blinds = hashBlinds(hashes, executed, new Uint32Array(salts.buffer))
  const blindWords = new Uint32Array(blinds.buffer)
  const items = listTreeOfPacked(receiptListKind.items, hashItems(hashes, executed, blindWords))
  const entries = listTreeOfPacked(receiptListKind.entries, hashEntries(hashes, executed, lines, blindWords))
  const { doneBefore, doneActions } = countDone(kept.results)
  const blindAt = (place: number): Hash => blinds.slice(32 * place, 32 * place + 32)

  return {
    receipt: {
      version: 1,
      ledger,
      id,
      position: { height, phase: 'payload', index },
      timeMs,
      result: overallOf(kept.results),
      charged: { steps: plain.steps, writtenBytes: plain.writtenBytes },
      itemsRoot: items.root,
      entriesRoot: entries.root,
      eventsRoot: noEvents,
    },
    items: {
      length: plain.count,
      tree: items,
      at: (i) => ({
        item: {
          group: i,
          action: i,
          result: resultOfNumber(kept.results[i]!),
          reference: undefined,
          original: undefined,
        },
        blind: blindAt(i + 2 * doneBefore[i]!),
      }),
    },
    entries: {
      length: 2 * doneActions.length,
      tree: entries,
      at: (i) => {
        const action = doneActions[i >> 1]!
        const place = action + 2 * (i >> 1) + 1 + (i & 1)
        return { entry: entryAt(plain, action, (i & 1) === 0, lines, i * lineNumbers), blind: blindAt(place) }
      },
    },
  }
}

/** How many transfers were done before each, and which were. */
function countDone(numbers: Uint8Array): { doneBefore: Int32Array; doneActions: Int32Array } {
  const doneBefore = new Int32Array(numbers.length)
  const doneActions = new Int32Array(numbers.length)
  let done = 0
  for (const [i, number] of numbers.entries()) {
    doneBefore[i] = done
    if (number === results.OK.number) doneActions[done++] = i
  }
  return { doneBefore, doneActions: doneActions.slice(0, done) }
}

function entryAt(plain: PlainTransfers, action: number, isDebit: boolean, lines: Float64Array, line: number): Entry {
  const { bytes } = plain
  const tagAt = plain.transfers[action]!
  const idAt = (at: number): Uint8Array => bytes.slice(tagAt + at, tagAt + at + 32)
  const amount = new DataView(bytes.buffer, bytes.byteOffset + tagAt + transferAt.amount, 16)
  return {
    account: idAt(isDebit ? transferAt.debit : transferAt.credit) as AccountId,
    asset: idAt(transferAt.asset) as AssetId,
    sequence: lines[line]!,
    kind: 'posted',
    side: isDebit ? 'debit' : 'credit',
    amount: (amount.getBigUint64(8, true) << 64n) | amount.getBigUint64(0, true),
    action,
    after: {
      debitsPosted: BigInt(lines[line + 1]!),
      debitsPending: BigInt(lines[line + 2]!),
      creditsPosted: BigInt(lines[line + 3]!),
      creditsPending: BigInt(lines[line + 4]!),
    },
  }
}
