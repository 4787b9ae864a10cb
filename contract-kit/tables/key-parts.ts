import { refuseByKit } from '../errors.ts'
import { fixedLength, isAmount, type JsonSchema, type JsonValue } from '../schema/json-schema.ts'

/**
 * Parts of keys as texts that sort as their values do (spec/contracts.md, "Rows of the kit"):
 * - a number from 0 on is a letter for how many digits it has (A for 1, B for 2, … a for 27) and its digits;
 * - one below is `-`, and letter and digits each taken from those of the longest number;
 * - a text that another part follows has ` `, `!` and control characters as `!` and the character 48 places on;
 * - ids and days are as they are, `false` is 0 and `true` is 1.
 */
export type PartWriter = (value: unknown) => string

/** Between parts; no part but the last one of a key has it. */
export const separator = ' '
/** What comes after every text that begins with a part and a separator. */
export const afterSeparator = '!'

const letters = ' ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm'
const integerDigitsMax = 16
const escapeOffset = 48

/**
 * How one field of a key is written.
 * @param isLast - Nothing follows, so that a text needs no escapes.
 * @throws {TypeError} if values of the schema have no order.
 */
export function partWriter(schema: JsonSchema, name: string, isLast: boolean): PartWriter {
  const fail = (value: unknown): never => refuseByKit('KEY_INVALID', `${name}: ${String(value)}`)
  if (isAmount(schema)) return (value) => (typeof value === 'bigint' && value >= 0n ? countText(value) : fail(value))
  // None of them is the beginning of another, so they need no escapes.
  const length = fixedLength(schema)
  if (length !== undefined)
    return (value) => (typeof value === 'string' && value.length === length ? value : fail(value))
  switch (schema.type) {
    case 'integer':
      return (value) => (Number.isSafeInteger(value) ? integerText(value as number) : fail(value))
    case 'boolean':
      return (value) => (value === true ? '1' : value === false ? '0' : fail(value))
    case 'string':
      return (value) => (isKeyText(value) ? (isLast ? value : escaped(value)) : fail(value))
    default:
      throw new TypeError(`${name} can be no part of a key: it is neither text, number, amount, id nor boolean`)
  }
}

/** What the machine hands on ends at U+0000, and half a character would become another. */
function isKeyText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
}

function countText(count: bigint | number): string {
  const digits = String(count)
  return letters[digits.length] + digits
}

function integerText(value: number): string {
  if (value >= 0) return countText(value)
  const digits = String(-value)
  let text = `-${letters[integerDigitsMax + 1 - digits.length]}`
  for (let i = 0; i < digits.length; i++) text += 57 - digits.charCodeAt(i)
  return text
}

function escaped(text: string): string {
  // Most texts have nothing to escape.
  return /[\0-!]/.test(text) ? text.replace(/[\0-!]/g, escapedCharacter) : text
}

function escapedCharacter(character: string): string {
  return `!${String.fromCharCode(character.charCodeAt(0) + escapeOffset)}`
}

/** The value of a part, as JSON has it. */
export function readPart(schema: JsonSchema, text: string, isLast: boolean): JsonValue {
  if (isAmount(schema)) return text.slice(1)
  if (schema.type === 'integer') return readInteger(text)
  if (schema.type === 'boolean') return text === '1'
  if (isLast || fixedLength(schema) !== undefined) return text
  return text.replace(/!(.)/g, (_, character: string) => String.fromCharCode(character.charCodeAt(0) - escapeOffset))
}

function readInteger(text: string): number {
  if (!text.startsWith('-')) return Number(text.slice(1))
  let digits = ''
  for (let i = 2; i < text.length; i++) digits += 57 - text.charCodeAt(i)
  return -Number(digits)
}
