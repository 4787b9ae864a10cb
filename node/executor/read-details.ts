import { decode, type Infer } from '@tallystick/core/codec'
import type { Receipt } from '@tallystick/core/protocol'
import type { PackedReader } from './packed-bytes.ts'
import { form, lineNumbers } from './receipt-details.ts'
import { storedEntryLine, storedWhole } from './results-form.ts'
import type { PartPlace } from './transaction-source.ts'

/** What details begin with. */
export interface DetailsHead {
  readonly kind: 'whole' | 'transfers'
  readonly recordAt: number
  readonly index: number
  /** Where the transaction stands in its block; a derived one has neither this nor `inline`. */
  readonly place: PartPlace | undefined
  readonly inline: Uint8Array | undefined
}

export interface WholeDetails extends DetailsHead {
  readonly kind: 'whole'
  readonly receipt: Receipt
  readonly items: Infer<typeof storedWhole>['items']
  readonly events: Infer<typeof storedWhole>['events']
  readonly entries: readonly Infer<typeof storedEntryLine>[]
}

/** `results` and `lines` as `openTransfers` takes them. */
export interface TransfersDetails extends DetailsHead {
  readonly kind: 'transfers'
  readonly results: Uint8Array
  readonly lines: Float64Array
}

/** One side of a transfer: sequence and totals after it, and the distance to the pointer of the position's entry before. */
export interface TransferSide {
  readonly numbers: readonly number[]
  readonly toBefore: number
}

export interface TransferLine {
  readonly action: number
  readonly amount: number
  readonly debit: TransferSide
  readonly credit: TransferSide
}

/**
 * In `transfers` details the distance of the nonce from the transaction's start follows, so that an entry's blind is made without
 * reading all of it.
 * @param detailsAt - The place of the details, which the reader stands at. */
export function readDetailsHead(reader: PackedReader, detailsAt: number): DetailsHead {
  const byte = reader.byte()
  const recordAt = detailsAt - reader.number()
  const index = reader.number()
  const kind = (byte & form.kind) === form.whole ? 'whole' : 'transfers'
  const inline = (byte & form.inline) === 0 ? undefined : reader.sized().slice()
  const isInBlock = (byte & form.inBlock) !== 0
  const place = isInBlock ? { part: reader.number(), offset: reader.number(), length: reader.number() } : undefined
  return { kind, recordAt, index, place, inline }
}

export function readDetails(reader: PackedReader, detailsAt: number): WholeDetails | TransfersDetails {
  const { kind, ...head } = readDetailsHead(reader, detailsAt)
  return kind === 'whole' ? { ...head, kind, ...readWhole(reader) } : { ...head, kind, ...readTransfers(reader) }
}

function readWhole(reader: PackedReader): Pick<WholeDetails, 'receipt' | 'items' | 'entries' | 'events'> {
  const { receipt, items, events, entries: count } = decode(storedWhole, reader.sized())
  const entries = Array.from({ length: count }, () => {
    reader.number()
    return readEntryLine(reader).line
  })
  return { receipt, items, events, entries }
}

/** A line of `whole` details behind its distance to them. */
export function readEntryLine(reader: PackedReader): { line: Infer<typeof storedEntryLine>; toBefore: number } {
  const toBefore = reader.number()
  return { toBefore, line: decode(storedEntryLine, reader.sized()) }
}

function readTransfers(reader: PackedReader): Pick<TransfersDetails, 'results' | 'lines'> {
  reader.number()
  const count = reader.number()
  const allDone = reader.byte() === 1
  const results = allDone ? new Uint8Array(count) : reader.take(count).slice()
  const done = results.reduce((sum, result) => sum + (result === 0 ? 1 : 0), 0)
  const lines = new Float64Array(done * lineNumbers)
  let at = 0
  for (let line = 0; line < done; line++) {
    // The distance to the details, the action and the amount.
    for (let n = 0; n < 3; n++) reader.number()
    for (let side = 0; side < 2; side++) {
      for (let n = 0; n < lineNumbers / 2; n++) lines[at++] = reader.number()
      reader.number()
    }
  }
  return { results, lines }
}

/** A line of `transfers` details behind its distance to them. */
export function readTransferLine(reader: PackedReader): TransferLine {
  const action = reader.number()
  const amount = reader.number()
  return { action, amount, debit: readSide(reader), credit: readSide(reader) }
}

function readSide(reader: PackedReader): TransferSide {
  const numbers = Array.from({ length: lineNumbers / 2 }, () => reader.number())
  return { numbers, toBefore: reader.number() }
}
