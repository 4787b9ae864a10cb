import { type Codec, encode } from '../codec/index.ts'
import type { Hash } from '../crypto/index.ts'
import { stateBlind, stateDigest } from '../protocol/index.ts'

/**
 * A record as it stands in memory: decoded, immutable, with its blind. Blind and digest are computed when they are asked
 * for, since a block may write a record many times and commits only the last.
 */
export class RecordSlot<R extends object = object> {
  readonly path: Hash
  readonly record: R
  readonly #codec: Codec<R>
  readonly #salt: Hash | undefined
  #blind: Hash | undefined

  private constructor(path: Hash, codec: Codec<R>, record: R, salt: Hash | undefined, blind: Hash | undefined) {
    this.path = path
    this.record = record
    this.#codec = codec
    this.#salt = salt
    this.#blind = blind
  }

  static written<R extends object>(path: Hash, codec: Codec<R>, record: R, salt: Hash): RecordSlot<R> {
    return new RecordSlot(path, codec, record, salt, undefined)
  }

  static withBlind<R extends object>(path: Hash, codec: Codec<R>, record: R, blind: Hash): RecordSlot<R> {
    return new RecordSlot(path, codec, record, undefined, blind)
  }

  get blind(): Hash {
    this.#blind ??= stateBlind(this.#salt!, this.path)
    return this.#blind
  }

  get encoded(): Uint8Array {
    return encode(this.#codec, this.record)
  }

  get digest(): Hash {
    return stateDigest(this.encoded, this.blind)
  }
}
