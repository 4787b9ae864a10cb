import { type Hash, MountainRange, rangePath, signEd25519 } from '@tallystick/core/crypto'
import {
  type Anchor,
  type BlockProof,
  blockHashOf,
  type Header,
  historyKind,
  historyLeaf,
  type Proposal,
  payloadRootOf,
  proposalHashOf,
  receiptsRootOf,
  voteMessage,
} from '@tallystick/core/protocol'
import { ledger, minute, timeMs, validatorSeeds, zeros } from './genesis.ts'
import { receipts } from './receipts.ts'
import { trie } from './state.ts'
import { called, failed, packed } from './transactions.ts'

// The blocks, and the certificate over the last.

const nodes = new Map<string, Hash>()
const range = new MountainRange(historyKind)
const receiptsRoots = [receiptsRootOf([]), receiptsRootOf(receipts)]
const stateRoots = [zeros, trie.root]
export const headers: Header[] = []
const records: BlockProof['history']['record'][] = []

function appendHeader(height: number, time: number): void {
  const payload =
    height === 1 ? [packed, failed, called].map((transaction) => ({ kind: 'inline', transaction }) as const) : []
  const header: Header = {
    protocolVersion: 1,
    ledger,
    height,
    parent: height === 0 ? (zeros as Header['parent']) : blockHashOf(headers[height - 1]!),
    timeMs: time,
    payloadRoot: payloadRootOf(payload),
    payloadCount: payload.length,
    executed: {
      height: Math.max(0, height - 1),
      stateRoot: height === 0 ? zeros : stateRoots[height - 1]!,
      historyRoot: height === 0 ? zeros : range.root(),
    },
    epoch: 0,
    nextEpoch: undefined,
  }
  headers.push(header)
  if (height > 1) return
  const record = {
    height,
    header: blockHashOf(header),
    receiptsRoot: receiptsRoots[height]!,
    stateRoot: stateRoots[height]!,
  }
  records.push(record)
  for (const { level, index, digest } of range.append(historyLeaf(record))) nodes.set(`${level}.${index}`, digest)
}
appendHeader(0, timeMs)
appendHeader(1, timeMs + 1_000)
/** Long after, so that it also certifies what did not happen. */
appendHeader(2, timeMs + 10 * minute)

/** @param signers - Indexes of the validators that sign. */
export function certify(header: Header, signers: readonly number[] = [0, 1, 2]): Anchor {
  const proposal: Proposal = {
    epoch: 0,
    view: header.height,
    parentView: header.height - 1,
    parentHash: header.parent,
    blockHash: blockHashOf(header),
    justificationHash: zeros,
  }
  const message = voteMessage('finalize', ledger, 0, proposal.view, proposalHashOf(proposal))
  const bitmap = signers.reduce((bits, i) => bits | (1 << i), 0)
  return {
    ledger,
    epochs: [],
    header,
    finality: {
      kind: 'simplex',
      proposal,
      quorum: {
        scheme: 'ed25519-list',
        signers: Uint8Array.of(bitmap),
        signatures: signers.map((i) => signEd25519(message, validatorSeeds[i]!)),
      },
    },
  }
}
export const anchor = certify(headers[2]!)

export const historyOf = (height: number): BlockProof['history'] => ({
  record: records[height]!,
  path: rangePath(range.size, height, (level, index) => nodes.get(`${level}.${index}`)!),
})
