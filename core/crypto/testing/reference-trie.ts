import { createHash } from 'node:crypto'

/** The trie by its definition, from a plain list and Node's own hash: the oracle of the fast one. */
export interface ReferenceEntry {
  path: Uint8Array
  digest: Uint8Array
}

function bits(path: Uint8Array): string {
  return Array.from(path, (byte) => byte.toString(2).padStart(8, '0')).join('')
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

export function referenceRoot(entries: readonly ReferenceEntry[], prefix = ''): Uint8Array {
  const [first] = entries
  if (first === undefined) return new Uint8Array(32)
  if (entries.length === 1) {
    const leaf = sha256(first.path, first.digest)
    leaf[0]! |= 1
    return leaf
  }
  const side = (bit: string) => entries.filter(({ path }) => bits(path).startsWith(prefix + bit))
  const inner = sha256(referenceRoot(side('0'), `${prefix}0`), referenceRoot(side('1'), `${prefix}1`))
  inner[0]! &= ~1
  return inner
}

/** The siblings on the way to a path, root first, as a proof lists them. */
export function referenceSiblings(entries: readonly ReferenceEntry[], path: Uint8Array, prefix = ''): Uint8Array[] {
  if (entries.length <= 1) return []
  const side = (bit: string) => entries.filter((entry) => bits(entry.path).startsWith(prefix + bit))
  const own = bits(path)[prefix.length]!
  const beside = own === '0' ? '1' : '0'
  return [referenceRoot(side(beside), prefix + beside), ...referenceSiblings(side(own), path, prefix + own)]
}
