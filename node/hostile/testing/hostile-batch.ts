import { encode, fixedBytes, Writer } from '@tallystick/core/codec'
import { type BatchHeader, batchDigestOf, batchHeader, batchSigningMessage, ledgerOf } from '@tallystick/core/protocol'
import type { NodeHome } from '../../config/index.ts'

const signatureCodec = fixedBytes(64)

/** A batch whose header has everything that can be seen of it at once, around content that is no transaction. */
export function hostileBatch(
  { nodeKey, genesis }: NodeHome,
  sequence: number,
  contents: readonly Uint8Array[],
  sign: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  const header: BatchHeader = {
    version: 1,
    ledger: ledgerOf(genesis),
    epoch: 0,
    author: nodeKey.publicKey,
    sequence,
    expiresMs: Date.now() + 600_000,
    count: contents.length,
    bytes: contents.reduce((sum, content) => sum + content.length, 0),
    steps: contents.length,
    writtenBytes: contents.length,
    root: new Uint8Array(32).fill(7) as BatchHeader['root'],
  }
  const writer = new Writer(header.bytes + 512)
  batchHeader.write(writer, header)
  writer.bytes(encode(signatureCodec, sign(batchSigningMessage(batchDigestOf(header)))))
  writer.u32(contents.length)
  for (const content of contents) writer.bytes(content)
  return writer.finish()
}
