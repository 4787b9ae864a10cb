import { refuseByKit } from '../errors.ts'
import type { JsonSchema } from './json-schema.ts'

/** In code points, which are at least half as many as units. */
export function isShorterThan(text: string, min: number): boolean {
  return text.length < 2 * min && codePoints(text) < min
}

export function isLongerThan(text: string, max: number): boolean {
  return text.length > 2 * max || codePoints(text) > max
}

function codePoints(text: string): number {
  let points = 0
  for (const _ of text) points++
  return points
}

/** A place that is checked; elements of lists are `*`. */
export interface Checked {
  readonly path: string
  readonly schema: JsonSchema
}

const shownMax = 40

/** @param at - Which elements of lists it is. @throws {Refusal} VALUE_INVALID */
export function failChecked({ path, schema }: Checked, value: unknown, at: readonly unknown[]): never {
  refuseByKit(
    'VALUE_INVALID',
    `${place(path, at)}: ${shown(value)} is not of the schema ${JSON.stringify(schema).slice(0, 200)}`,
  )
}

/** Properties that are there and undefined do not count: JSON has no such thing. @throws {Refusal} VALUE_INVALID */
export function failOther({ path, schema }: Checked, value: object, at: readonly unknown[]): void {
  for (const [name, property] of Object.entries(value)) {
    if (property === undefined || Object.hasOwn(schema.properties ?? {}, name)) continue
    refuseByKit('VALUE_INVALID', `${place(path, at)}.${name}: is not in the schema`)
  }
}

function place(path: string, at: readonly unknown[]): string {
  let i = 0
  return path.replace(/\*/g, () => String(at[i++]))
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, shownMax))
  if (typeof value === 'bigint') return `${value}n`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
