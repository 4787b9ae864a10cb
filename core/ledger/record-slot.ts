import { type Codec, encode } from '../codec/index.ts'
import type { Hash } from '../crypto/index.ts'
import { noBlind, stateBlind, stateDigest } from '../protocol/index.ts'

/**
 * A record as it stands in memory: decoded, immutable, with its blind. Blind and digest are computed when they are asked
 * for, since a block may write a record many times and commits only the last.
 */
export class RecordSlot<R extends object = object> {
  readonly path: Hash
  readonly record: R
  readonly #codec: Codec<R>
  readonly #salt: Hash | undefined
  /** What the next version's blind depends on: of a version that is not yet committed, what its own depends on. */
  #before: Hash
  #blind: Hash | undefined

  private constructor(
    path: Hash,
    codec: Codec<R>,
    record: R,
    salt: Hash | undefined,
    before: Hash,
    blind: Hash | undefined,
  ) {
    this.path = path
    this.record = record
    this.#codec = codec
    this.#salt = salt
    this.#before = before
    this.#blind = blind
  }

  /** @param replaced - The version that this one replaces, if there is one. */
  static written<R extends object>(
    path: Hash,
    codec: Codec<R>,
    record: R,
    salt: Hash,
    replaced: RecordSlot | undefined,
  ): RecordSlot<R> {
    return new RecordSlot(path, codec, record, salt, replaced === undefined ? noBlind : replaced.#forNext(), undefined)
  }

  static withBlind<R extends object>(path: Hash, codec: Codec<R>, record: R, blind: Hash): RecordSlot<R> {
    return new RecordSlot(path, codec, record, undefined, blind, blind)
  }

  /** The last committed blind, so that a block's many versions of a record need one hash; a new record's first blind. */
  #forNext(): Hash {
    return this.#before === noBlind ? this.blind : this.#before
  }

  get blind(): Hash {
    this.#blind ??= stateBlind(this.#salt!, this.path, this.#before)
    return this.#blind
  }

  /** The block that wrote this version has ended. */
  committed(): void {
    this.#before = this.blind
  }

  get encoded(): Uint8Array {
    return encode(this.#codec, this.record)
  }

  get digest(): Hash {
    return stateDigest(this.encoded, this.blind)
  }
}
