import { bytes, type Infer, list, option, safeU64, struct, variant } from '@tallystick/core/codec'
import { batchBytesMax, batchDigest } from '@tallystick/core/protocol'
import { digestsPerMessageMax } from './limits.ts'

const digests = list(batchDigest, digestsPerMessageMax)

/** What validators tell each other on the data channel (spec/consensus.md §6). */
export const dataMessage = variant({
  batch: [1, struct({ encoded: bytes(batchBytesMax + 1_024) })],
  /** The sender has verified and synced these. Unsigned: the connection is pinned to the sender's key. */
  have: [2, struct({ digests })],
  /** Please send these; `height` is the final block that lists them, where known. */
  want: [3, struct({ digests, height: option(safeU64) })],
  /** The sender holds these unordered: answer with `have` or `want`. */
  announce: [4, struct({ digests })],
})
export type DataMessage = Infer<typeof dataMessage>
