import { batchBytesMax } from '@tallystick/core/protocol'

/**
 * How much may wait to be ordered, in declared steps (a step is about a microsecond of every node's work): as much as was
 * ordered in so many seconds of full work, and at least the floor. Beyond it the API answers 429, so that what was accepted
 * becomes final within seconds.
 */
export const backlogSecondsMax = 3
export const backlogStepsFloor = 150_000
/** Batches of the others count up to this share: each node can always take its part, whatever one of them withholds. */
export const othersShareMax = 0.75
/** The rate is measured over this long, while something waits all the time. */
export const rateWindowMs = 1_000
/** What is still being checked counts by its bytes: a transfer of 375 bytes declares 60 steps. */
export const bytesPerStep = 6
/** When a refused client is asked to come back. */
export const retryAfterSecondsMax = 10

/** Transactions that wait for a batch, by number and bytes: the bound of the memory they take. */
export const poolTransactionsMax = 50_000
export const poolBytesMax = 64 * 1_048_576

/** A batch is closed when it holds this much, or when its first transaction waited this long. */
export const batchTransactionsTarget = 1_024
export const batchBytesTarget = 512 * 1_024
export const batchDelayMs = 4
/** With so many own batches unordered, a new one gains nothing by being early: fewer and larger ones cost less. */
export const batchesWaiting = 4
export const batchDelayWaitingMs = 25

/** Unordered batches of one author that are kept; beyond it the author's data channel is not read. */
export const authorBytesMax = 32 * 1_048_576
export const authorBatchesMax = 512

/** Batches that came from one peer and are being checked or made durable: two of the largest. Beyond it the peer's data channel is not read. */
export const peerArrivingBytesMax = 2 * batchBytesMax

/** How long before its end of validity a transaction is too late for a batch. */
export const lateMarginMs = 2_000
/** A batch may stand in blocks up to this long after it was made. */
export const batchLifeMs = 10 * 60_000
/** A block lists a batch only if it expires within this time, so that used digests need not be kept for ever. */
export const batchExpiryAheadMaxMs = 20 * 60_000

/** A batch that a proposal lists is often on its way: it is given this moment before anybody is asked. */
export const onItsWayMs = 20
/** Missing batches are asked for again, of the next peer, after this long. */
export const fetchRetryMs = 250
export const digestsPerMessageMax = 1_024
/** Own batches without enough `have` are announced again after this long. */
export const announceAfterMs = 500
