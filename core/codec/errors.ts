/** Why bytes or JSON are not the encoding of a value, or a value can't be encoded. */
export const codecProblems = {
  CODEC_TOO_SHORT: ['The bytes end in the middle of a value.', 'Get them again: they were cut off.'],
  CODEC_TRAILING_BYTES: ['There are bytes after the value.', 'Send the value alone.'],
  CODEC_LIMIT: ['A text, byte string or list is longer than its limit.', 'Split it, or shorten it.'],
  CODEC_NOT_CANONICAL: [
    'It is not the one form that the value has: order, spacing, a repeated item or malformed UTF-8.',
    'Encode it as spec/encoding.md says.',
  ],
  CODEC_OUT_OF_RANGE: ['A number, length or value is outside its range.', 'Correct the named field.'],
  CODEC_UNKNOWN_VARIANT: [
    'A kind, name or version is not known to this build.',
    'Correct the named field, or use a newer version.',
  ],
  CODEC_WRONG_TYPE: ['A field is missing, unknown or of another type.', 'Correct the named field.'],
} as const satisfies Record<string, readonly [summary: string, action: string]>
export type CodecErrorCode = keyof typeof codecProblems

/** Thrown by every codec; `path` names the field, such as `body.groups[2].actions[0].amount`. */
export class CodecError extends Error {
  override readonly name = 'CodecError'
  readonly code: CodecErrorCode
  readonly path: string

  constructor(code: CodecErrorCode, path: string, detail: string) {
    super(`${path === '' ? 'value' : path}: ${detail}`)
    this.code = code
    this.path = path
  }
}
