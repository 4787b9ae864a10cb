import { encode } from '../../codec/index.ts'
import { type StateKey, stateKey } from '../../protocol/index.ts'

/** Bytes as a string of one character each: what maps are keyed by, and sorted as the bytes are. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode.apply(undefined, bytes as unknown as number[])
}

/** The encoding of a key as text. The kinds that every transfer and call looks up don't go through the codec. */
export function stateKeyText(key: StateKey): string {
  switch (key.kind) {
    case 'member':
      return `\x01${latin1(key.member)}`
    case 'account':
      return `\x02${latin1(key.account)}`
    case 'position':
      return `\x03${latin1(key.account)}${latin1(key.asset)}`
    case 'asset':
      return `\x04${latin1(key.asset)}`
    case 'hold':
      return `\x05${latin1(key.hold)}`
    case 'contract':
      return `\x09${latin1(key.contract)}`
    case 'contract-code':
      return `\x0a${latin1(key.code)}`
    case 'contract-row':
      return `\x0b${latin1(key.storage)}${latin1(key.key)}`
    case 'warm-codes':
      return '\x0f'
    default:
      return latin1(encode(stateKey, key))
  }
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The bytes that a text of `latin1` stands for. */
export function textBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
