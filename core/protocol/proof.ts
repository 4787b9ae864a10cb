import { bytes, bytes32, type Infer, list, option, struct, u32, variant, version } from '../codec/index.ts'
import { trieProof } from '../crypto/index.ts'
import { header, historyRecord } from './block.ts'
import { disclosedField, disclosureFieldsMax } from './disclosure.ts'
import { finalityProof } from './finality.ts'
import { blockHash, ledgerId } from './ids.ts'
import { proofPartsMax, proofPathMax, transactionBytesMax } from './limits.ts'
import { entry, receipt, receiptEvent, receiptItem } from './receipt.ts'
import { nestedKey, stateKey } from './state.ts'
import { validatorSet } from './validators.ts'

const path = list(bytes32, proofPathMax)

/** A boundary block: the validators of one epoch certify those of the next. */
export const epochLink = struct({ header, finality: finalityProof, next: validatorSet })

/** From genesis to a certified header: all other parts of a proof hang on this. */
export const anchor = struct({ ledger: ledgerId, epochs: list(epochLink, 4_096), header, finality: finalityProof })
export type Anchor = Infer<typeof anchor>

/** An executed block's record under the history root of the anchor's header. */
export const historyProof = struct({ record: historyRecord, path })
export type HistoryProof = Infer<typeof historyProof>

const itemPart = struct({ item: receiptItem, blind: bytes32, count: u32, path })
const entryPart = struct({ entry, blind: bytes32, index: u32, count: u32, path })
const eventPart = struct({ event: receiptEvent, blind: bytes32, index: u32, count: u32, path })
/** A component of the transaction, canonically encoded; index 0 is the envelope. */
const componentPart = struct({ index: u32, count: u32, salt: bytes32, encoded: bytes(transactionBytesMax), path })

/** A receipt, and as much of its transaction, items and entries as its holder shows. */
export const receiptProof = struct({
  version: version(1),
  anchor,
  history: historyProof,
  receipt,
  receiptCount: u32,
  receiptPath: path,
  items: list(itemPart, proofPartsMax),
  entries: list(entryPart, proofPartsMax),
  events: list(eventPart, proofPartsMax),
  components: list(componentPart, proofPartsMax),
  /** Off-ledger data behind the commitment of a shown component; `component` is an index into `components`. */
  disclosures: list(struct({ component: u32, fields: list(disclosedField, disclosureFieldsMax) }), proofPartsMax),
})
export type ReceiptProof = Infer<typeof receiptProof>

/** A record with its blind, or the proof that there is none. */
const shownRecord = option(struct({ encoded: bytes(1_048_576), blind: bytes32 }))

const stateEntry = struct({
  key: stateKey,
  record: shownRecord,
  proof: trieProof,
  /** For keys of nested tries: `record` is then the nested root. */
  nested: option(struct({ key: nestedKey, record: shownRecord, proof: trieProof })),
})

/** Records of the state, or their absence, at the height that the anchor's header certifies. */
export const stateProof = struct({ version: version(1), anchor, entries: list(stateEntry, proofPartsMax) })
export type StateProof = Infer<typeof stateProof>
export type StateProofEntry = Infer<typeof stateEntry>

/** A block's header under the history root. */
export const blockProof = struct({ version: version(1), anchor, history: historyProof, header, hash: blockHash })
export type BlockProof = Infer<typeof blockProof>

/** Any proof; the file and wire form of all of them. */
export const proofDocument = variant({ receipt: [1, receiptProof], state: [2, stateProof], block: [3, blockProof] })
export type ProofDocument = Infer<typeof proofDocument>
