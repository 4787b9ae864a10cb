/**
 * Limits of the protocol's forms. A governed parameter (genesis.ts) may be lower, never higher. Each is as large as its
 * use needs: 8,192 payments of a packed transaction at some 250 bytes are 2 MiB.
 */
export const groupsMax = 8_192
export const actionsMax = 8_192
export const authorizersMax = 256
export const signaturesMax = 256
export const signatureBytesMax = 4_096
export const transactionBytesMax = 4 * 1_048_576
export const reservedPayloadBytesMax = 65_536

/** Names of contracts, actions and topics, in bytes. */
export const contractNameBytesMax = 64
export const scriptBytesMax = 262_144
export const sourceBytesMax = 262_144
export const sourceMapBytesMax = 393_216
export const manifestBytesMax = 65_536
/** Text of a call's input, in bytes. */
export const callInputBytesMax = 65_536
export const bookedInputBytesMax = 8_192
export const callersMax = 16
export const fundsMax = 16
export const rowKeyBytesMax = 256
export const rowBytesMax = 65_536
export const subscribersMax = 64
export const warmCodesMax = 32
export const eventDataBytesMax = 4_096
export const receiptEventsMax = 8_192
/** Units of fuel to one step of a transaction's limits. */
export const fuelPerStep = 100

export const payloadItemsMax = 4_096
export const batchTransactionsMax = 8_192
export const batchBytesMax = 4 * 1_048_576
export const blockBytesMax = 8 * 1_048_576

export const membersMax = 4_096
export const validatorsMax = 256
export const justificationCertificatesMax = 1_048_576

/** Free text of members and assets, in bytes of UTF-8. */
export const textBytesMax = 256

/** Digits of a minor unit; 10^18 units still leave 10^20 whole ones in 128 bits. */
export const assetDecimalsMax = 18

/** A transaction without a ticket is valid for at most this long after the block's time. */
export const validityWindowMs = 10 * 60_000
export const ticketLifeMaxMs = 90 * 86_400_000
export const ticketsPerActionMax = 1_000
/** A minute's ids are kept this long after the minute, so that "it did not happen" can be proven. */
export const recentIdsRetentionMs = 60 * 60_000
export const holdLifeMaxMs = 400 * 86_400_000
/** Expired holds swept in one block; the rest follow in the next. */
export const holdExpiriesPerBlockMax = 1_000

export const proofPathMax = 64
export const triePathMax = 256
export const proofPartsMax = 16_384
