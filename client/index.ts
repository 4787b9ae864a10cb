// The table of contents of what applications import.

export type {
  CallOptions,
  CertifiedAt,
  Client,
  ClientOptions,
  EntryOptions,
  EventCursor,
  EventOptions,
  LedgerEvent,
  ListOptions,
  ManyReceiptsOptions,
  NodeReport,
  NodeStatus,
  PartSelection,
  ReadOptions,
  ReceiptOptions,
  ReceiptParts,
  ReceiptRequest,
  ReferenceLookup,
  Settled,
  SettleOptions,
  Stage,
  StateLookup,
  SubmitManyOptions,
  SubmitOutcome,
  Submitted,
  TransactionStatus,
  UnverifiedEntry,
  UnverifiedPage,
  UnverifiedReferenceUse,
  Verified,
  VerifiedAbsence,
  VerifiedReceipt,
  VerifiedState,
  VerifiedStateEntry,
  WaitManyOptions,
  WaitOptions,
} from './client.ts'
export { createClient } from './create-client.ts'
export { ClientError, type ClientErrorCode, clientErrors, type Problem } from './errors.ts'
export { generateKey, type Key, keyFromSeed } from './keys/key.ts'
export type { Signer } from './keys/signer.ts'
export { randomBytes } from './random.ts'
export {
  type ActionFields,
  hold,
  issue,
  makeAction,
  type NewAccount,
  openAccount,
  redeem,
  transfer,
} from './transaction/actions.ts'
export { buildTransaction, eachAlone, oneGroup, type TransactionPlan } from './transaction/build.ts'
export { isCommitmentTo, paymentFields, withDisclosure } from './transaction/disclosure.ts'
export { type PaymentIdentity, paymentReferenceKey, paymentSalt, referenceKey } from './transaction/payment-secrets.ts'
export { mergeSignatures, signTransaction } from './transaction/sign.ts'
export { type DocumentVerdict, encodeProofFile, verifyProofDocument } from './verify-document.ts'
