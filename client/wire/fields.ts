import { type Codec, CodecError, fromHex } from '@tallystick/core/codec'
import { ClientError } from '../errors.ts'

/**
 * Reads the JSON of an answer that can't be trusted: each field by its wanted form. Fields that are not asked for are
 * passed over, so that a newer node can say more.
 */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>
  readonly #path: string

  constructor(json: unknown, path: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw malformed(path, 'an object is wanted')
    this.#fields = json as Record<string, unknown>
    this.#path = path
  }

  text(name: string): string {
    const value = this.#fields[name]
    if (typeof value !== 'string' || value.length > 65_536) throw malformed(this.#at(name), 'text is wanted')
    return value
  }

  /** One of some texts. */
  choice<const T extends string>(name: string, choices: readonly T[]): T {
    const value = this.text(name)
    const found = choices.find((choice) => choice === value)
    if (found === undefined) throw malformed(this.#at(name), `one of ${choices.join(', ')} is wanted`)
    return found
  }

  integer(name: string): number {
    const value = this.#fields[name]
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(this.#at(name), 'an integer is wanted')
    return value as number
  }

  flag(name: string): boolean {
    const value = this.#fields[name]
    if (typeof value !== 'boolean') throw malformed(this.#at(name), 'true or false is wanted')
    return value
  }

  /** 32 bytes. */
  id<Id extends Uint8Array>(name: string): Id {
    return idOf<Id>(this.#fields[name], this.#at(name))
  }

  decoded<T>(name: string, codec: Codec<T>): T {
    return whole(() => codec.fromJson(this.#fields[name], this.#at(name)))
  }

  raw(name: string): unknown {
    return this.#fields[name]
  }

  object(name: string): Fields {
    return new Fields(this.#fields[name], this.#at(name))
  }

  /** `undefined` for `null` and for a missing field. */
  optional<T>(name: string, read: (fields: this) => T): T | undefined {
    const value = this.#fields[name]
    return value === undefined || value === null ? undefined : read(this)
  }

  /** @param countMax - As many as were asked for, or may be answered. */
  list<T>(name: string, countMax: number, read: (item: unknown, path: string) => T): T[] {
    const value = this.#fields[name]
    if (!Array.isArray(value) || value.length > countMax) {
      throw malformed(this.#at(name), `a list of at most ${countMax} is wanted`)
    }
    return value.map((item, i) => read(item, `${this.#at(name)}[${i}]`))
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`
  }
}

export function idOf<Id extends Uint8Array>(value: unknown, path: string): Id {
  if (typeof value !== 'string' || value.length !== 64) throw malformed(path, '64 hexadecimal digits are wanted')
  return whole(() => fromHex(value, path)) as Uint8Array as Id
}

/** What a codec refuses in an answer is a malformed answer. */
export function whole<T>(decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    throw new ClientError('CLIENT_ANSWER_MALFORMED', { detail: error.message, cause: error })
  }
}

/** A list with as many items as were asked for. */
export function exactly<T>(items: T[], count: number, what: string): T[] {
  if (items.length !== count) throw malformed(what, `${count} items are wanted, not ${items.length}`)
  return items
}

export function malformed(path: string, detail: string): ClientError {
  return new ClientError('CLIENT_ANSWER_MALFORMED', { detail: `${path === '' ? 'answer' : path}: ${detail}.` })
}
