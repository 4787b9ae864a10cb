// The table of contents of what contracts import.

export type {
  AccountInfo,
  ActionContext,
  AssetInfo,
  Balance,
  Booking,
  CallOptions,
  Fund,
  MemberInfo,
  MigrationContext,
  Taking,
  Transfer,
  ViewContext,
} from './contract/context.ts'
export type { Contract } from './contract/contract.ts'
export type {
  ActionInput,
  ActionName,
  ActionOutput,
  ContractTypes,
  EventData,
  EventName,
  ViewInput,
  ViewName,
  ViewOutput,
} from './contract/contract-types.ts'
export { defineContract } from './contract/define-contract.ts'
export { type Action, action, type ContractDefinition, type View, view } from './contract/definition.ts'
export type {
  Manifest,
  ManifestAction,
  ManifestSchedule,
  ManifestSubscription,
  ManifestTable,
  ManifestView,
} from './contract/manifest.ts'
export { type RowKey, readRowKey } from './contract/read-row-key.ts'
export { type ContractKitCode, contractKitProblems, LedgerError, Refusal, refuse } from './errors.ts'
export type { Caller, Host, Self, Trigger } from './host/ask.ts'
export { fromJson, toJson } from './schema/json-form.ts'
export type { JsonSchema, JsonValue } from './schema/json-schema.ts'
export { type Static, type TObject, type TSchema, t } from './schema/t.ts'
export {
  type KeyOf,
  type Page,
  type RangeOptions,
  type RowOf,
  type Table,
  type TableReader,
  type Tables,
  type TableWriter,
  table,
} from './tables/table.ts'
