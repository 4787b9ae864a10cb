import type { JsonSchema, JsonValue } from '../schema/json-schema.ts'

/** What a contract says of itself (spec/contracts.md §3). */
export interface Manifest {
  readonly form: 1
  readonly name: string
  readonly description?: string
  readonly tables: Readonly<Record<string, ManifestTable>>
  readonly actions: Readonly<Record<string, ManifestAction>>
  readonly views: Readonly<Record<string, ManifestView>>
  readonly events: Readonly<Record<string, JsonSchema>>
  readonly schedules: readonly ManifestSchedule[]
  readonly on: readonly ManifestSubscription[]
  readonly migrates: boolean
}

export interface ManifestTable {
  readonly key: readonly string[]
  readonly schema: JsonSchema
  readonly indexes: Readonly<Record<string, readonly string[]>>
}

export interface ManifestView {
  readonly input: JsonSchema
  readonly output?: JsonSchema
  readonly description?: string
}

export interface ManifestAction extends ManifestView {
  /** Called by triggers alone. */
  readonly internal?: true
}

export interface ManifestSchedule {
  readonly action: string
  readonly input: JsonValue
  readonly everyMs: number
  readonly firstAtMs?: number
  readonly fuel: number
}

export interface ManifestSubscription {
  /** `self`, `account`, or another contract's id. */
  readonly source: string
  readonly topic: string
  readonly action: string
  readonly fuel: number
}
