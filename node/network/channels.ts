import type { ChannelOptions } from './options.ts'

/**
 * Votes and certificates never wait behind batches, so each has a connection of its own. A message of consensus is at most a
 * block with its justification; one of data at most a batch and its envelope.
 */
export const nodeChannels: readonly ChannelOptions[] = [
  {
    name: 'consensus',
    messageBytesMax: 16 * 1_048_576,
    queueBytesMax: 64 * 1_048_576,
    stalledMsMax: 15_000,
  },
  { name: 'data', messageBytesMax: 16 * 1_048_576, queueBytesMax: 64 * 1_048_576 },
]
