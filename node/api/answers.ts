import { type Codec, encodeJsonText, type Json, toHex } from '@tallystick/core/codec'
import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type AssetRecord,
  accountRecord,
  addressOf,
  assetRecord,
  type CodeHash,
  type ContractCode,
  type ContractId,
  type ContractRecord,
  contractBooking,
  contractCode,
  contractRecord,
  entry,
  finalityProof,
  header,
  type MemberId,
  type MemberRecord,
  memberRecord,
  type NetworkKind,
  type PositionRecord,
  type ProofDocument,
  positionRecord,
  proofDocument,
  receipt,
  receiptEvent,
  receiptItem,
  referenceRecord,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { FastifyReply } from 'fastify'
import { ApiError, type ApiErrorCode } from './errors.ts'
import type {
  BlockSummary,
  BlockView,
  DescribedContract,
  EntryView,
  Listed,
  NodeStatus,
  NoProof,
  NoteView,
  NumberedBooking,
  ReceiptView,
  ReferenceUse,
  RowsPage,
  TransactionStatus,
} from './port.ts'

// The JSON of each answer. Protocol values have the JSON form of their codecs.

export const accountJson = (id: AccountId, record: AccountRecord, network: NetworkKind): Json => ({
  id: toHex(id),
  address: addressOf(id, network),
  record: accountRecord.toJson(record),
})

export const assetJson = ({ id, record }: Listed<AssetId, AssetRecord>): Json => ({
  id: toHex(id),
  record: assetRecord.toJson(record),
})

export const memberJson = ({ id, record }: Listed<MemberId, MemberRecord>): Json => ({
  id: toHex(id),
  record: memberRecord.toJson(record),
})

export const positionJson = ({ id, record }: Listed<AssetId, PositionRecord>): Json => ({
  asset: toHex(id),
  record: positionRecord.toJson(record),
})

export const entryJson = (view: EntryView): Json => ({
  entry: entry.toJson(view.entry),
  blind: toHex(view.blind),
  transaction: toHex(view.transaction),
  height: view.height,
  index: view.index,
  timeMs: view.timeMs,
})

export const referenceJson = ({ businessDay, record }: ReferenceUse): Json => ({
  businessDay,
  record: referenceRecord.toJson(record),
})

export const receiptJson = (view: ReceiptView): Json => ({
  receipt: receipt.toJson(view.receipt),
  items: view.items.map((item) => receiptItem.toJson(item)),
  entries: view.entries.map((value) => entry.toJson(value)),
  events: view.events.map((event) => receiptEvent.toJson(event)),
})

export const contractJson = ({ id, record }: Listed<ContractId, ContractRecord>): { [field: string]: Json } => ({
  id: toHex(id),
  record: contractRecord.toJson(record),
})

export const describedContractJson = (id: ContractId, { record, manifest }: DescribedContract): Json => ({
  ...contractJson({ id, record }),
  manifest: JSON.parse(manifest) as Json,
})

export const codeJson = (hash: CodeHash, record: ContractCode): Json => ({
  hash: toHex(hash),
  record: contractCode.toJson(record),
})

export const rowsJson = ({ height, generation, rows, next }: RowsPage): Json => ({
  height,
  generation,
  items: rows.map(({ key, value }) => ({ key, value })),
  next: next ?? null,
})

export const bookingJson = ({ number, booking }: NumberedBooking): Json => ({
  number,
  record: contractBooking.toJson(booking),
})

export const noteJson = (note: NoteView): Json => ({
  number: note.number,
  height: note.height,
  timeMs: note.timeMs,
  code: note.code ?? null,
  transaction: note.transaction,
  action: note.action,
  name: note.name,
  fuelUsed: note.fuelUsed,
  lines: [...note.lines],
  stack: note.stack ?? null,
})

export const statusJson = (id: TransactionId, status: TransactionStatus): Json => ({ id: toHex(id), ...status })

export const blockJson = (summary: BlockSummary): { [field: string]: Json } => ({
  hash: toHex(summary.hash),
  header: header.toJson(summary.header),
  executed:
    summary.executed === undefined
      ? null
      : { receiptsRoot: toHex(summary.executed.receiptsRoot), stateRoot: toHex(summary.executed.stateRoot) },
})

export const blockViewJson = (block: BlockView): Json => ({
  ...blockJson(block),
  finality: block.finality === undefined ? null : finalityProof.toJson(block.finality),
  transactions: block.transactions.map(({ id, result }) => ({ id: toHex(id), result: result ?? null })),
})

export const nodeStatusJson = (status: NodeStatus): Json => ({
  name: status.name,
  version: status.version,
  ledger: toHex(status.ledger),
  role: status.role,
  heights: { ...status.heights },
  finalTimeMs: status.finalTimeMs,
  epoch: status.epoch,
  view: status.view,
  peers: status.peers.map(({ name, connected }) => ({ name, connected })),
  mempool: { ...status.mempool },
  syncing: status.syncing,
  halted: status.halted === undefined ? null : { code: status.halted.code, detail: status.halted.detail },
  alarms: status.alarms.map(({ code, detail }) => ({ code, detail })),
})

/** A page, with the cursor of the next where this one is full. */
export function pageJson<T>(
  items: readonly T[],
  limit: number,
  idOf: (item: T) => Uint8Array,
  json: (item: T) => Json,
): Json {
  const last = items.at(-1)
  return { items: items.map(json), next: last === undefined || items.length < limit ? null : toHex(idOf(last)) }
}

/** Answers with a proof as the text of a proof file, or with the problem why there is none. */
export function sendProof(reply: FastifyReply, document: ProofDocument | NoProof, unknown: ApiErrorCode): FastifyReply {
  if (document === 'unknown') throw new ApiError(unknown)
  if (document === 'pending') throw new ApiError('API_PROOF_PENDING')
  return reply.type('application/json').send(encodeJsonText(proofDocument as Codec<ProofDocument>, document))
}
