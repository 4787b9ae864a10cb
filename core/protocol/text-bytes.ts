/** How many bytes a text is in UTF-8; half a character counts as the three bytes of its replacement. */
export function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) continue
    bytes++
    if (code < 0x800) continue
    const isPair = (code & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
    // A pair is two units and four bytes.
    if (isPair) i++
    bytes++
  }
  return bytes
}
