import { refuseByKit } from '../errors.ts'
import { ask } from '../host/ask.ts'
import { type KeyForm, next } from './key-form.ts'
import type { RangeOptions } from './table.ts'

/** Keys with their texts, in order, and where to go on. */
export interface KeyPage {
  readonly entries: readonly (readonly [key: string, text: string])[]
  readonly cursor: string | undefined
}

export const pageRowsMax = 100

/**
 * Reads a part of a table or an index.
 * @param verb - `r`, or `or` for the generation before.
 * @throws {Refusal} KEY_INVALID, CURSOR_INVALID
 */
export function readRange(verb: string, form: KeyForm, options: RangeOptions<unknown>): KeyPage {
  const { prefix, reverse = false, limit = pageRowsMax, cursor } = options
  const leading = prefix === undefined ? {} : form.leading(prefix)
  const span = form.span(leading)
  const bound = (of: unknown, otherwise: string): string => {
    if (of === undefined) return otherwise
    if (prefix !== undefined && typeof of !== 'object') {
      refuseByKit('KEY_INVALID', 'beside a prefix, a bound is an object of the fields after it')
    }
    const values = { ...form.leading(of), ...leading }
    return form.countOf(values) === form.countOf(leading) ? otherwise : form.ofLeading(values)
  }
  let from = bound(options.from, span[0])
  let to = bound(options.to, span[1])
  // A cursor is what follows the text that is common to the range, so that no other one leads out of it.
  const common = prefix === undefined ? form.prefix : span[0]
  if (cursor !== undefined) {
    if (typeof cursor !== 'string') refuseByKit('CURSOR_INVALID', String(cursor))
    const last = common + cursor
    if (reverse) to = options.to === undefined ? last : earlier(to, last)
    else from = options.from === undefined ? next(last) : later(from, next(last))
  }
  const answer = JSON.parse(ask(`${verb}${JSON.stringify({ from, to, reverse, limit })}`).slice(1)) as Answer
  // Rows that found no room in the answer are said by a null at its end.
  const isCut = answer[answer.length - 1] === null
  if (isCut) answer.pop()
  const entries = answer as [string, string][]
  const isMore = entries.length > 0 && (isCut || entries.length === limit)
  return { entries, cursor: isMore ? entries[entries.length - 1]![0].slice(common.length) : undefined }
}

type Answer = ([string, string] | null)[]

function earlier(a: string, b: string): string {
  return isBefore(a, b) ? a : b
}

function later(a: string, b: string): string {
  return isBefore(a, b) ? b : a
}

/** In the order of code points, which is that of the ledger; the language's own puts U+E000 and up after all pairs. */
export function isBefore(a: string, b: string): boolean {
  let i = 0
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  return place(a, i) < place(b, i)
}

const surrogatesStart = 0xd800
const surrogatesEnd = 0xe000

/** Of a unit among others, pairs last; -1 at the end. */
function place(text: string, i: number): number {
  if (i >= text.length) return -1
  const unit = text.charCodeAt(i)
  return unit >= surrogatesStart && unit < surrogatesEnd ? unit + 0x10000 : unit
}
