import { CodecError } from './errors.ts'

const digits = '0123456789abcdef'
const pairs = Array.from({ length: 256 }, (_, byte) => digits[byte >> 4]! + digits[byte & 15]!)

/** Lower-case hexadecimal, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += pairs[bytes[i]!]
  return text
}

/** @throws {CodecError} unless the text is lower-case hexadecimal of whole bytes. */
export function fromHex(text: string, path = ''): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0) throw new CodecError('CODEC_WRONG_TYPE', path, 'hexadecimal of an odd length')
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = digits.indexOf(text[2 * i]!)
    const low = digits.indexOf(text[2 * i + 1]!)
    if (high < 0 || low < 0) throw new CodecError('CODEC_WRONG_TYPE', path, 'not lower-case hexadecimal')
    bytes[i] = high * 16 + low
  }
  return bytes
}
