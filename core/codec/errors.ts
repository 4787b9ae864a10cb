/** Why bytes or JSON are not the encoding of a value, or a value can't be encoded. */
export type CodecErrorCode =
  | 'CODEC_TOO_SHORT'
  | 'CODEC_TRAILING_BYTES'
  | 'CODEC_LIMIT'
  | 'CODEC_NOT_CANONICAL'
  | 'CODEC_OUT_OF_RANGE'
  | 'CODEC_UNKNOWN_VARIANT'
  | 'CODEC_WRONG_TYPE'

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
