import { decode, equalBytes } from '../codec/index.ts'
import { type Hash, listRootFromPath } from '../crypto/index.ts'
import { type Action, action } from './actions.ts'
import { historyKind, historyLeaf } from './block.ts'
import { commitmentFromField } from './disclosure.ts'
import type { Anchor, HistoryProof, ReceiptProof } from './proof.ts'
import { ProofError } from './proof-error.ts'
import { entryLeaf, eventLeaf, itemLeaf, receiptLeaf, receiptListKind } from './receipt.ts'
import { componentLeaf } from './transaction.ts'
import { type TrustRoot, verifyAnchor } from './verify-anchor.ts'

function expectRoot(computed: Hash | undefined, wanted: Hash, fail: () => ProofError): void {
  if (computed === undefined || !equalBytes(computed, wanted)) throw fail()
}

/** Checks that a block's record stands in the history that the anchor's header certifies. */
export function verifyHistory(anchor: Anchor, { record, path }: HistoryProof): void {
  const { height, historyRoot } = anchor.header.executed
  const computed = listRootFromPath(historyKind, historyLeaf(record), record.height, height + 1, path)
  expectRoot(
    computed,
    historyRoot,
    () =>
      new ProofError('PROOF_HISTORY', 'history', `block ${record.height} does not follow from the certified history`),
  )
}

/** The commitment of an action, where its kind can carry one. */
function commitmentIn(value: Action): Hash | undefined {
  return 'commitment' in value ? value.commitment : undefined
}

function verifyComponents({ components, disclosures, receipt }: ReceiptProof): void {
  for (const [i, part] of components.entries()) {
    const leaf = componentLeaf(part.index, part.salt, part.encoded)
    const computed = listRootFromPath('transaction', leaf, part.index, part.count, part.path)
    const where = `components[${i}]`
    expectRoot(
      computed,
      receipt.id,
      () => new ProofError('PROOF_COMPONENT', where, 'it is not part of the transaction'),
    )
  }
  for (const [i, { component, fields }] of disclosures.entries()) {
    const where = `disclosures[${i}]`
    const part = components[component]
    if (fields.length === 0) throw new ProofError('PROOF_DISCLOSURE', where, 'it shows nothing')
    if (part === undefined || part.index === 0)
      throw new ProofError('PROOF_DISCLOSURE', where, 'it names no action shown')
    const commitment = commitmentIn(decode(action, part.encoded))
    if (commitment === undefined) throw new ProofError('PROOF_DISCLOSURE', where, 'the action has no commitment')
    for (const [f, shown] of fields.entries()) {
      expectRoot(
        commitmentFromField(shown),
        commitment,
        () => new ProofError('PROOF_DISCLOSURE', `${where}.fields[${f}]`, 'it is not what the payment committed to'),
      )
    }
  }
}

/**
 * Checks a receipt, and everything shown with it, down from the trusted validators. No field stays unproven: a changed
 * byte anywhere makes some link fail.
 * @throws {ProofError} naming the first link that fails; {CodecError} if a component is malformed.
 */
export function verifyReceiptProof(trust: TrustRoot, proof: ReceiptProof): void {
  verifyAnchor(trust, proof.anchor)
  verifyReceiptUnderAnchor(trust, proof)
}

/**
 * The same for a proof whose anchor was verified already: proofs that are fetched together mostly hang on one.
 * @throws {ProofError} naming the first link that fails; {CodecError} if a component is malformed.
 */
export function verifyReceiptUnderAnchor(trust: TrustRoot, proof: ReceiptProof): void {
  const { anchor, history, receipt, receiptCount, receiptPath } = proof
  verifyHistory(anchor, history)
  if (!equalBytes(receipt.ledger, trust.ledger)) {
    throw new ProofError('PROOF_OF_OTHER_LEDGER', 'receipt', 'the receipt belongs to another ledger')
  }
  if (receipt.position.height !== history.record.height) {
    throw new ProofError('PROOF_RECEIPT', 'receipt', 'the receipt is of another block than its history')
  }
  expectRoot(
    listRootFromPath(receiptListKind.receipts, receiptLeaf(receipt), receipt.position.index, receiptCount, receiptPath),
    history.record.receiptsRoot,
    () => new ProofError('PROOF_RECEIPT', 'receipt', `it is not among the receipts of block ${history.record.height}`),
  )
  for (const [i, { item, blind, count, path }] of proof.items.entries()) {
    expectRoot(
      listRootFromPath(receiptListKind.items, itemLeaf(item, blind), item.action, count, path),
      receipt.itemsRoot,
      () => new ProofError('PROOF_ITEM', `items[${i}]`, 'it is not an item of the receipt'),
    )
  }
  for (const [i, { entry, blind, index, count, path }] of proof.entries.entries()) {
    expectRoot(
      listRootFromPath(receiptListKind.entries, entryLeaf(entry, blind), index, count, path),
      receipt.entriesRoot,
      () => new ProofError('PROOF_ENTRY', `entries[${i}]`, 'it is not an entry of the receipt'),
    )
  }
  for (const [i, { event, blind, index, count, path }] of proof.events.entries()) {
    expectRoot(
      listRootFromPath(receiptListKind.events, eventLeaf(event, blind), index, count, path),
      receipt.eventsRoot,
      () => new ProofError('PROOF_EVENT', `events[${i}]`, 'it is not an event of the receipt'),
    )
  }
  verifyComponents(proof)
}
