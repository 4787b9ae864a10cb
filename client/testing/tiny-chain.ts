/**
 * A ledger of two blocks, made by hand from the protocol's own functions: four validators, one bank, three accounts. Block
 * 1 holds one packed transaction of two payments, one failed transaction and one call of a contract; block 2 certifies what
 * block 1 led to.
 */
export { anchor, certify, headers } from './chain/blocks.ts'
export {
  alice,
  bankId as bank,
  bankSeed as bankSigningSeed,
  bob,
  carol,
  code,
  contract,
  contractRow,
  euro,
  genesisText,
  genesisValue,
  migrated,
} from './chain/genesis.ts'
export { proveBlock, proveReceipt, proveState } from './chain/proofs.ts'
export { receiptOf, receipts } from './chain/receipts.ts'
export {
  accountRecord,
  assetRecord,
  contractCode,
  contractRecord,
  memberRecord,
  position,
} from './chain/records.ts'
export {
  calledId,
  disclosed,
  failed,
  failedId,
  packed,
  packedId,
  unsent,
  unsentId,
} from './chain/transactions.ts'
