import { bytes, bytes32, type Infer, list, option, safeU64, struct, variant } from '@tallystick/core/codec'
import { payloadItemsMax } from '@tallystick/core/protocol'

/** A block with everything that replaying it needs. */
export const blockRecordBytesMax = 32 * 1_048_576

const encodedPart = bytes(blockRecordBytesMax)
const batches = list(encodedPart, payloadItemsMax)

/** What the block log holds, in the order in which it became durable. */
export const blockRecord = variant({
  /** `batches`: what the payload lists, in its order; missing where they were not here yet when the block was stored. */
  block: [
    1,
    struct({
      height: safeU64,
      hash: bytes32,
      block: encodedPart,
      finality: option(encodedPart),
      batches: option(batches),
    }),
  ],
  /** The batches of a block that was stored without them. */
  batches: [2, struct({ height: safeU64, batches })],
})
export type BlockRecord = Infer<typeof blockRecord>
