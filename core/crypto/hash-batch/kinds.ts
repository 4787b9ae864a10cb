import { runtime } from '#crypto-runtime'

/** Kinds are named in the source, so a program has a few dozen. The kernel's memory has room for the states of so many. */
export const kindsMax = 255

/** A kind of tagged hash, and the 64 bytes T‖T that its preimages begin with. */
interface Kind {
  readonly name: string
  readonly prefix: Uint8Array
}

export const kinds: Kind[] = []
const numbers = new Map<string, number>()
const encoder = new TextEncoder()

/**
 * The number of a kind of tagged hash, for `HashBatch.begin`. Ask once, when a module is loaded.
 * @throws {RangeError} beyond `kindsMax` kinds.
 */
export function hashKind(kind: string): number {
  let number = numbers.get(kind)
  if (number === undefined) {
    if (kinds.length === kindsMax) throw new RangeError(`there are ${kindsMax} kinds of hashes already`)
    const tag = runtime.sha256(encoder.encode(kind))
    const prefix = new Uint8Array(64)
    prefix.set(tag, 0)
    prefix.set(tag, 32)
    number = kinds.push({ name: kind, prefix }) - 1
    numbers.set(kind, number)
  }
  return number
}
