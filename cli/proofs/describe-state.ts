import { decode, encodeJsonText } from '@tallystick/core/codec'
import {
  type AccountId,
  nestedKey,
  nestedRecordCodecs,
  type StateProof,
  type StateProofEntry,
  stateKey,
  stateRecordCodecs,
} from '@tallystick/core/protocol'

export interface ShownRecord {
  readonly key: string
  /** The record as JSON; `undefined` is proven absence. */
  readonly record: unknown
  readonly text: string
}

function keyText({ key, nested }: StateProofEntry, addressOf: (account: AccountId) => string): string {
  if (nested !== undefined) return `${nested.key.kind} ${compact(encodeJsonText(nestedKey, nested.key))}`
  if (key.kind === 'account') return `account ${addressOf(key.account)}`
  return `${key.kind} ${compact(encodeJsonText(stateKey, key))}`
}

const compact = (text: string): string => JSON.stringify(JSON.parse(text))

/** The records of a state proof, each with its key. */
export function describeState({ entries }: StateProof, addressOf: (account: AccountId) => string): ShownRecord[] {
  return entries.map((entry) => {
    const { key, nested } = entry
    const shown = nested === undefined ? entry.record : nested.record
    const codec = nested === undefined ? stateRecordCodecs[key.kind] : nestedRecordCodecs[nested.key.kind]
    const record: unknown =
      shown === undefined
        ? undefined
        : JSON.parse(encodeJsonText(codec as never, decode(codec as never, shown.encoded)))
    return {
      key: keyText(entry, addressOf),
      record,
      text: record === undefined ? 'absent' : JSON.stringify(record),
    }
  })
}
