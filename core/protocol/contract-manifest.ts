import { compileSchema, type JsonValue, type SchemaCheck, SchemaError } from './contract-schema.ts'
import { parseJson } from './json-text.ts'
import { contractNameBytesMax, manifestBytesMax, subscribersMax } from './limits.ts'
import { byteLength } from './text-bytes.ts'

export interface ContractCallable {
  readonly check: SchemaCheck
  /** JSON Schema, as the manifest has it. */
  readonly input: JsonValue
  /** Called by triggers alone. */
  readonly internal: boolean
}

export interface ContractSchedule {
  readonly action: string
  readonly input: JsonValue
  readonly everyMs: number
  /** The first time; a cadence after the deployment if not said. */
  readonly firstAtMs: number | undefined
  readonly fuel: number
}

export interface ContractListener {
  /** `self`, `account`, or another contract's id, in hexadecimal. */
  readonly source: string
  readonly topic: string
  readonly action: string
  readonly fuel: number
}

/** What a contract says of itself (spec/contracts.md §3), checked. */
export interface ContractManifest {
  readonly name: string
  readonly actions: ReadonlyMap<string, ContractCallable>
  readonly views: ReadonlyMap<string, ContractCallable>
  readonly schedules: readonly ContractSchedule[]
  readonly on: readonly ContractListener[]
  readonly migrates: boolean
}

/** The manifest has not the right form; the message says where. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
}

const callablesMax = 256
const schedulesMax = 16

/** @throws {ManifestError} */
export function readManifest(text: string): ContractManifest {
  if (byteLength(text) > manifestBytesMax) throw new ManifestError(`longer than ${manifestBytesMax} bytes`)
  const manifest = objectOf(parsed(text), 'manifest')
  if (manifest.form !== 1) throw new ManifestError('form: only 1 is known')
  const actions = callables(manifest.actions, 'actions')
  const isAction = (name: JsonValue | undefined, at: string): string => {
    if (typeof name !== 'string' || !actions.has(name)) throw new ManifestError(`${at}: there is no such action`)
    return name
  }
  return {
    name: nameOf(manifest.name, 'name'),
    actions,
    views: callables(manifest.views, 'views'),
    schedules: listOf(manifest.schedules, 'schedules', schedulesMax).map((value, i) => {
      const at = `schedules[${i}]`
      const { action, input, everyMs, firstAtMs, fuel } = objectOf(value, at)
      return {
        action: isAction(action, `${at}.action`),
        input: input ?? null,
        everyMs: countOf(everyMs, `${at}.everyMs`),
        firstAtMs: firstAtMs === undefined ? undefined : countOf(firstAtMs, `${at}.firstAtMs`),
        fuel: countOf(fuel, `${at}.fuel`),
      }
    }),
    on: listOf(manifest.on, 'on', subscribersMax).map((value, i) => {
      const at = `on[${i}]`
      const { source, topic, action, fuel } = objectOf(value, at)
      if (typeof source !== 'string' || !(source === 'self' || source === 'account' || /^[0-9a-f]{64}$/.test(source)))
        throw new ManifestError(`${at}.source: neither self, account nor a contract`)
      return {
        source,
        topic: nameOf(topic, `${at}.topic`),
        action: isAction(action, `${at}.action`),
        fuel: countOf(fuel, `${at}.fuel`),
      }
    }),
    migrates: manifest.migrates === true,
  }
}

const nameRule = 'a name is a small letter and up to 63 letters, digits and hyphens'

/** Whether a text may name a contract, an action, a view or a topic. */
export function isContractName(name: string): boolean {
  return name.length <= contractNameBytesMax && /^[a-z][A-Za-z0-9-]*$/.test(name)
}

function parsed(text: string): JsonValue {
  const value = parseJson(text)
  if (value === undefined) throw new ManifestError('not JSON of at most 64 levels')
  return value
}

function callables(value: JsonValue | undefined, at: string): Map<string, ContractCallable> {
  const entries = Object.entries(value === undefined ? {} : objectOf(value, at))
  if (entries.length > callablesMax) throw new ManifestError(`${at}: more than ${callablesMax}`)
  return new Map(
    entries.map(([name, declared]) => {
      nameOf(name, `${at}.${name.slice(0, 64)}`)
      const { input, internal } = objectOf(declared, `${at}.${name}`)
      return [
        name,
        { check: checkOf(input ?? null, `${at}.${name}.input`), input: input ?? null, internal: internal === true },
      ]
    }),
  )
}

function checkOf(schema: JsonValue, at: string): SchemaCheck {
  try {
    return compileSchema(schema)
  } catch (error) {
    if (error instanceof SchemaError) throw new ManifestError(`${at}: ${error.message}`)
    throw error
  }
}

function objectOf(value: JsonValue | undefined, at: string): { readonly [name: string]: JsonValue } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ManifestError(`${at}: not an object`)
  return value as { readonly [name: string]: JsonValue }
}

function listOf(value: JsonValue | undefined, at: string, max: number): readonly JsonValue[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > max) throw new ManifestError(`${at}: not a list of at most ${max}`)
  return value as readonly JsonValue[]
}

function countOf(value: JsonValue | undefined, at: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new ManifestError(`${at}: not a whole number`)
  }
  return value
}

function nameOf(value: JsonValue | undefined, at: string): string {
  if (typeof value !== 'string' || !isContractName(value)) throw new ManifestError(`${at}: ${nameRule}`)
  return value
}
