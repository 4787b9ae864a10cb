import { equalBytes } from '@tallystick/core/codec'
import { HashBatch, verifyEd25519, verifySignature } from '@tallystick/core/crypto'
import {
  isPlain,
  type ListedTransaction,
  orderedTransactionLeaves,
  type PlainTransfers,
  plainTransferIds,
  plainWitnessHashes,
  requiredLimits,
  requiredLimitsOfTransfers,
  signingMessages,
  transactionBytesMax,
  transactionIdOf,
  witnessHashOf,
} from '@tallystick/core/protocol'
import type { AdmissionGate, AdmissionProblem, AdmissionRules } from './admission.ts'
import type { CheckedTransactions, Refusal } from './checked-transactions.ts'

/** What could not be decoded, among single transactions that are checked together. */
export interface MalformedTransaction {
  readonly malformed: string
  readonly start: number
  readonly end: number
}

export interface CheckOptions {
  readonly gate?: AdmissionGate
  /** For a batch, which one refusal makes bad: no signature is checked after the first. */
  readonly stopAtRefusal?: boolean
}

interface Figures {
  readonly ledger: Uint8Array
  readonly validUntilMs: number
  readonly ticketed: boolean
  readonly steps: number
  readonly writtenBytes: number
  readonly required: { readonly steps: number; readonly writtenBytes: number }
  readonly signatures: number
}

type Item = ListedTransaction | MalformedTransaction
type Found = readonly [problem: AdmissionProblem, detail: string] | undefined

const hashes = new HashBatch()

/**
 * Checks the form, the ledger, the declared limits and every signature of transactions that stand one behind the other in
 * `bytes`. What is cheap comes first: a signature is checked only of what nothing else refuses.
 */
export function checkTransactions(
  rules: AdmissionRules,
  bytes: Uint8Array,
  items: readonly Item[],
  { gate, stopAtRefusal = false }: CheckOptions = {},
): CheckedTransactions {
  const count = items.length
  const validUntilMs = new Float64Array(count)
  const steps = new Float64Array(count)
  const writtenBytes = new Float64Array(count)
  const offsets = new Uint32Array(count + 1)
  const found: Found[] = new Array(count)
  let room = gate?.stepsRoom ?? Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const item = items[i]!
    offsets[i] = item.start
    offsets[i + 1] = item.end
    if ('malformed' in item) {
      found[i] = ['TX_MALFORMED', item.malformed]
      continue
    }
    const figures = figuresOf(item, bytes)
    validUntilMs[i] = figures.validUntilMs
    steps[i] = figures.steps
    writtenBytes[i] = figures.writtenBytes
    found[i] = problemOf(rules, figures, item.end - item.start) ?? (gate && gateProblem(gate, figures))
    if (found[i] !== undefined) continue
    if (room <= 0) found[i] = ['MEMPOOL_FULL', 'too much waits to be ordered']
    else room -= figures.steps
  }

  const { ids, witnessHashes } = identitiesOf(items)
  const messages = signingMessages(hashes, rules.ledger, ids)
  for (let i = 0; i < count; i++) {
    if (found[i] === undefined) {
      found[i] = signatureProblem(items[i]!, bytes, messages.subarray(32 * i, 32 * i + 32))
    }
    if (stopAtRefusal && found[i] !== undefined) break
  }
  const leaves = orderedTransactionLeaves(hashes, ids, witnessHashes)
  const refusals: Refusal[] = []
  for (const [index, each] of found.entries()) {
    if (each !== undefined) refusals.push({ index, problem: each[0], detail: each[1] })
  }
  return { count, ids, leaves, validUntilMs, steps, writtenBytes, offsets, refusals }
}

function figuresOf(item: ListedTransaction, bytes: Uint8Array): Figures {
  if (isPlain(item)) {
    return {
      ledger: bytes.subarray(item.ledgerAt, item.ledgerAt + 32),
      validUntilMs: item.validUntilMs,
      ticketed: false,
      steps: item.steps,
      writtenBytes: item.writtenBytes,
      required: requiredLimitsOfTransfers(item.count),
      signatures: 1,
    }
  }
  const { body, witness } = item.transaction
  return {
    ledger: body.ledger,
    validUntilMs: body.validUntilMs,
    ticketed: body.ticket !== undefined,
    ...body.limits,
    required: requiredLimits(body),
    signatures: witness.length,
  }
}

/** A rule of the protocol that the transaction breaks: every node decides it alike. */
function problemOf({ ledger, block }: AdmissionRules, figures: Figures, length: number): Found {
  if (length > transactionBytesMax) return ['TX_TOO_LARGE', `${length} bytes, at most ${transactionBytesMax}`]
  if (!equalBytes(figures.ledger, ledger)) return ['TX_WRONG_LEDGER', 'the transaction names another ledger']
  const { steps, writtenBytes, required } = figures
  if (steps < required.steps || writtenBytes < required.writtenBytes) {
    const wanted = `${required.steps} steps and ${required.writtenBytes} bytes`
    return ['TX_LIMITS_TOO_LOW', `it declares ${steps} steps and ${writtenBytes} bytes, but needs ${wanted}`]
  }
  if (steps > block.stepsMax || writtenBytes > block.writtenBytesMax) {
    return ['TX_LIMITS_TOO_HIGH', 'no block has room for the declared limits']
  }
  if (figures.signatures === 0) return ['TX_SIGNATURE_MISSING', 'the witness is empty']
  return undefined
}

function gateProblem(gate: AdmissionGate, { validUntilMs, ticketed }: Figures): Found {
  if (validUntilMs <= gate.validUntilAfterMs) return ['TX_EXPIRED', 'its validity ends too soon to be ordered']
  if (!ticketed && validUntilMs > gate.validUntilMaxMs) {
    return ['TX_VALIDITY_TOO_FAR', 'without a ticket it is valid for ten minutes at most']
  }
  return undefined
}

/** Ids and witness hashes in the order of the items. */
function identitiesOf(items: readonly Item[]) {
  const plain = items.filter((item): item is PlainTransfers => 'transfers' in item)
  const plainIds = plainTransferIds(hashes, plain)
  const plainWitnesses = plainWitnessHashes(hashes, plain)
  if (plain.length === items.length) return { ids: plainIds, witnessHashes: plainWitnesses }
  const ids = new Uint8Array(32 * items.length)
  const witnessHashes = new Uint8Array(32 * items.length)
  let from = 0
  for (const [i, item] of items.entries()) {
    if ('transfers' in item) {
      ids.set(plainIds.subarray(from, from + 32), 32 * i)
      witnessHashes.set(plainWitnesses.subarray(from, from + 32), 32 * i)
      from += 32
    } else if ('transaction' in item) {
      ids.set(transactionIdOf(item.transaction.body), 32 * i)
      witnessHashes.set(witnessHashOf(item.transaction.witness), 32 * i)
    }
  }
  return { ids, witnessHashes }
}

function signatureProblem(item: Item, bytes: Uint8Array, message: Uint8Array): Found {
  if ('transfers' in item) {
    const signature = bytes.subarray(item.signatureAt, item.signatureAt + 64)
    const publicKey = bytes.subarray(item.publicKeyAt, item.publicKeyAt + 32)
    return verifyEd25519(signature, message, publicKey) ? undefined : wrongSignature(0)
  }
  if ('malformed' in item) return undefined
  for (const [i, { scheme, publicKey, signature }] of item.transaction.witness.entries()) {
    if (!verifySignature(scheme, publicKey, message, signature)) return wrongSignature(i)
  }
  return undefined
}

function wrongSignature(index: number): Found {
  return ['TX_SIGNATURE_INVALID', `signature ${index} of the witness is wrong`]
}
