// The table of contents of what applications call contracts with.

export {
  type CalledContract,
  type CallTerms,
  ContractRefusal,
  TypedContract,
  type ViewedContract,
} from './typed-contract.ts'
