import { encode } from '../../codec/index.ts'
import { type StateKey, stateKey } from '../../protocol/index.ts'

/** Bytes as a string of one character each: what maps are keyed by, and sorted as the bytes are. */
export function latin1(bytes: Uint8Array): string {
  return bytes.length === 32 ? latin1Of32(bytes) : String.fromCharCode.apply(undefined, bytes as unknown as number[])
}

/** An id's or a digest's. With each byte an argument it takes half as long. */
// biome-ignore format: 32 arguments
function latin1Of32(b: Uint8Array): string {
  return String.fromCharCode(
    b[0]!, b[1]!, b[2]!, b[3]!, b[4]!, b[5]!, b[6]!, b[7]!, b[8]!, b[9]!, b[10]!, b[11]!, b[12]!, b[13]!, b[14]!, b[15]!,
    b[16]!, b[17]!, b[18]!, b[19]!, b[20]!, b[21]!, b[22]!, b[23]!, b[24]!, b[25]!, b[26]!, b[27]!, b[28]!, b[29]!, b[30]!, b[31]!,
  )
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
