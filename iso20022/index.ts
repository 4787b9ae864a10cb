export { checkMessage } from './check/check-message.ts'
export { messageOf, PROBLEMS, type ProblemCode, type ProblemFields, type ProblemKind } from './errors.ts'
export { type ExampleAccount, exampleAccounts } from './example/accounts.ts'
export { generateExample, streamExample } from './example/generate.ts'
export type { ExampleOptions } from './example/plan.ts'
export {
  type Account,
  accountKey,
  type CreditTransfer,
  type Pain001File,
  type Party,
  type PaymentInformation,
  type Remittance,
  type StructuredRemittance,
} from './pain001/model.ts'
export type { Pain001Options } from './pain001/options.ts'
export { Pain001ChangedError, type Pain001Result, type Pain001Source, readPain001 } from './pain001/read.ts'
export type { PaymentOutcome, RefusedPayment } from './pain001/scan.ts'
export type { Pain002Options, PaymentStatus, ReportedFile, ReportedPayment, StatusReason } from './pain002/model.ts'
export { reasonsOf, rejectedPayment } from './pain002/rejection.ts'
export { reportVersionOf, streamPain002, writePain002 } from './pain002/write.ts'
export type { PaymentPlace, Position, Problem } from './problem.ts'
export type { Pain001Version, Pain002Version } from './table/schema.ts'
export { currencies, currencyDecimals } from './values/currency.ts'
export { canonicalIban, type IbanFault, ibanFaults, makeIban } from './values/iban.ts'
export { isLeiChecksumRight, makeLei } from './values/lei.ts'
export type { Bytes } from './xml/decode.ts'
