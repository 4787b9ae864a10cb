import { bytes32, type Codec, CodecError, fromHex, option, type Reader, struct, toHex } from '../../codec/index.ts'
import type { Hash } from '../hash.ts'
import { emptyDigest, isEmptyDigest } from './node-hash.ts'
import { type TrieEntry, type TrieProof, trieDepthMax } from './proof.ts'

function checkCount(count: number, path: string): void {
  if (count > trieDepthMax) throw new CodecError('CODEC_LIMIT', path, `${count} siblings, at most ${trieDepthMax}`)
}

function checkSibling(sibling: Hash, path: string): Hash {
  if (sibling.length !== 32) throw new CodecError('CODEC_OUT_OF_RANGE', path, '32 bytes are wanted')
  return sibling
}

function readSiblings(reader: Reader): Hash[] {
  const count = reader.u16()
  checkCount(count, '')
  const bitmap = reader.bytes(Math.ceil(count / 8))
  if (count % 8 !== 0 && bitmap.at(-1)! >> (count % 8) !== 0) {
    throw new CodecError('CODEC_NOT_CANONICAL', '', 'a bit of the map has no sibling')
  }
  const siblings: Hash[] = []
  for (let i = 0; i < count; i++) {
    const present = (bitmap[i >> 3]! >> (i & 7)) & 1
    const sibling = present === 1 ? reader.bytes(32) : emptyDigest.slice()
    if (present === 1 && isEmptyDigest(sibling)) {
      throw new CodecError('CODEC_NOT_CANONICAL', `[${i}]`, 'an empty sibling is not carried')
    }
    siblings.push(sibling)
  }
  return siblings
}

/**
 * The siblings, without the empty ones: their number (u16, at most 256), a map of ⌈number/8⌉ bytes (bit `i & 7` of byte
 * `i >> 3` is 1 if sibling i is not empty; surplus bits are 0), the digests. In JSON an empty sibling is `null`.
 */
const trieSiblings: Codec<Hash[]> = {
  write: (writer, siblings) => {
    checkCount(siblings.length, '')
    const bitmap = new Uint8Array(Math.ceil(siblings.length / 8))
    const carried = siblings.filter((sibling, i) => {
      if (isEmptyDigest(checkSibling(sibling, `[${i}]`))) return false
      bitmap[i >> 3]! |= 1 << (i & 7)
      return true
    })
    writer.u16(siblings.length)
    writer.bytes(bitmap)
    for (const sibling of carried) writer.bytes(sibling)
  },
  read: readSiblings,
  toJson: (siblings) => siblings.map((sibling) => (isEmptyDigest(sibling) ? null : toHex(sibling))),
  fromJson: (json, path) => {
    if (!Array.isArray(json)) throw new CodecError('CODEC_WRONG_TYPE', path, 'an array is wanted')
    checkCount(json.length, path)
    return json.map((item: unknown, i) => {
      if (item === null) return emptyDigest.slice()
      if (typeof item !== 'string')
        throw new CodecError('CODEC_WRONG_TYPE', `${path}[${i}]`, 'hexadecimal text or null')
      const sibling = checkSibling(fromHex(item, `${path}[${i}]`), `${path}[${i}]`)
      if (isEmptyDigest(sibling)) {
        throw new CodecError('CODEC_NOT_CANONICAL', `${path}[${i}]`, 'an empty sibling is null')
      }
      return sibling
    })
  },
  sample: (sampler) =>
    Array.from({ length: sampler.length(trieDepthMax) }, () =>
      sampler.below(4) === 0 ? emptyDigest.slice() : sampler.bytes(32),
    ),
}

const trieEntry: Codec<TrieEntry> = struct({ path: bytes32, digest: bytes32 })

export const trieProof: Codec<TrieProof> = struct({ siblings: trieSiblings, other: option(trieEntry) })
