// The table of contents of what applications import.

export type {
  CallOptions,
  CertifiedAt,
  Client,
  ClientOptions,
  ContractNote,
  EntryOptions,
  EventCursor,
  EventOptions,
  LedgerEvent,
  ListOptions,
  LogOptions,
  ManyReceiptsOptions,
  NodeReport,
  NodeStatus,
  PartSelection,
  ReadOptions,
  ReceiptOptions,
  ReceiptParts,
  ReceiptRequest,
  ReferenceLookup,
  RowOptions,
  Settled,
  SettleOptions,
  Stage,
  StateLookup,
  SubmitManyOptions,
  SubmitOutcome,
  Submitted,
  TransactionStatus,
  UnverifiedBooking,
  UnverifiedContract,
  UnverifiedEntry,
  UnverifiedPage,
  UnverifiedReferenceUse,
  UnverifiedRows,
  Verified,
  VerifiedAbsence,
  VerifiedReceipt,
  VerifiedState,
  VerifiedStateEntry,
  ViewAnswer,
  WaitManyOptions,
  WaitOptions,
} from './client.ts'
export { type ContractCallPlan, callAuthorizers, callContract } from './contracts/call-contract.ts'
export { type CallOutcome, callOutcome } from './contracts/call-outcome.ts'
export {
  type ContractCall,
  callFuelDefault,
  callWrittenBytesDefault,
  contractCall,
  deployContract,
  fundContract,
  type NewContract,
  type PublishedCode,
  setContractStatus,
  upgradeContract,
} from './contracts/contract-actions.ts'
export type { Reader } from './contracts/sign-request.ts'
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
