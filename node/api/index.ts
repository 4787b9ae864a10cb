export { type ApiSettings, type ApiStats, createApi, type RunningApi } from './create-api.ts'
export { type ApiErrorCode, type ApiErrorRow, apiErrors } from './errors.ts'
export {
  type ApiLimits,
  type ApiOptions,
  type ApiTls,
  defaultApiLimits,
  defaultApiOptions,
} from './options.ts'
export type {
  BlockSummary,
  BlockView,
  EntryView,
  EventCursor,
  Heights,
  Listed,
  NodeEvent,
  NodePort,
  NodeStatus,
  NoProof,
  Page,
  PartSelection,
  ReceiptParts,
  ReceiptView,
  ReferenceLookup,
  ReferenceUse,
  RefusalCode,
  StateLookup,
  SubmitOutcome,
  SubmitResult,
  TransactionStatus,
} from './port.ts'
