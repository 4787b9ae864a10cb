import { readFile, stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { bool, decode, encode, fixedBytes, list, safeU64, struct, u16, u32, variant } from '@tallystick/core/codec'
import { writeFileAtomic } from './atomic-file.ts'
import type { BlockIndexEntry } from './block-index.ts'

const entry = variant({
  block: [1, struct({ height: safeU64, offset: u32, hash: fixedBytes(4), final: bool, complete: bool })],
  batches: [2, struct({ height: safeU64, offset: u32 })],
})
const segmentIndex = struct({ version: u16, segmentBytes: safeU64, entries: list(entry, 4_194_304) })
const formatVersion = 1

const indexPath = (segmentFile: string): string => segmentFile.replace(/\.log$/, '.index')

/**
 * What the index holds of a closed segment, from the derived file beside it.
 * @returns `undefined` if the file is missing, damaged, stale or of another version: the segment is read instead.
 */
export async function readSegmentIndex(segmentFile: string): Promise<BlockIndexEntry[] | undefined> {
  try {
    const bytes = await readFile(indexPath(segmentFile))
    const body = bytes.subarray(0, bytes.length - 4)
    if (bytes.readUInt32LE(body.length) !== crc32(body)) return undefined
    const { version, segmentBytes, entries } = decode(segmentIndex, body)
    if (version !== formatVersion || segmentBytes !== (await stat(segmentFile)).size) return undefined
    return entries
  } catch {
    return undefined
  }
}

export async function writeSegmentIndex(segmentFile: string, entries: readonly BlockIndexEntry[]): Promise<void> {
  const segmentBytes = (await stat(segmentFile)).size
  const shortened = entries.map((value) =>
    value.kind === 'block' ? { ...value, hash: value.hash.slice(0, 4) } : value,
  )
  const body = encode(segmentIndex, { version: formatVersion, segmentBytes, entries: shortened })
  const checksum = new Uint8Array(4)
  new DataView(checksum.buffer).setUint32(0, crc32(body), true)
  await writeFileAtomic(indexPath(segmentFile), [body, checksum], { mode: 0o600 })
}
