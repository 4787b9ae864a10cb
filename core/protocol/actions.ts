import {
  bytes,
  bytes32,
  type Codec,
  enumeration,
  type Infer,
  list,
  option,
  refined,
  safeU64,
  struct,
  text,
  u8,
  u16,
  u32,
  u128,
  variant,
} from '../codec/index.ts'
import { accountId, assetId, contractId, holdId, identifierBytesMax, memberId } from './ids.ts'
import {
  callersMax,
  callInputBytesMax,
  contractNameBytesMax,
  fundsMax,
  reservedPayloadBytesMax,
  scriptBytesMax,
  sourceBytesMax,
  sourceMapBytesMax,
  textBytesMax,
} from './limits.ts'
import { policy } from './policy.ts'

/**
 * Makes a value-moving action happen at most once for ever: the same reference with the same content is a no-op that
 * points to the first, with other content an error.
 */
export const reference = struct({
  member: memberId,
  /** Days since 1970-01-01. */
  businessDay: u32,
  key: bytes32,
})
export type Reference = Infer<typeof reference>

const positiveAmount: Codec<bigint> = refined(u128, (amount) => (amount > 0n ? undefined : 'an amount is above zero'))

/** What every movement of value may carry besides. */
const movement = {
  reference: option(reference),
  /** Commitment to data that stays off the ledger (names, remittance text), see commitment.ts. */
  commitment: option(bytes32),
}

export const accountKind = enumeration({ customer: 1, own: 2, issuance: 3, escrow: 4, contract: 5 })
export type AccountKind = Infer<typeof accountKind>
export const accountStatus = enumeration({ active: 1, frozen: 2, closed: 3 })
export type AccountStatus = Infer<typeof accountStatus>
export const assetKind = enumeration({ fungible: 1, unique: 2, lot: 3 })
export const assetStatus = enumeration({ active: 1, frozen: 2 })

export const transferAction = struct({
  debit: accountId,
  credit: accountId,
  asset: assetId,
  amount: positiveAmount,
  ...movement,
})
export const issueAction = struct({ asset: assetId, credit: accountId, amount: positiveAmount, ...movement })
export const redeemAction = struct({ asset: assetId, debit: accountId, amount: positiveAmount, ...movement })
export const holdAction = struct({
  debit: accountId,
  credit: accountId,
  asset: assetId,
  amount: positiveAmount,
  /** Unix milliseconds; from then on the hold can't be posted, swept or not. */
  expiresMs: safeU64,
  /** The account whose authorization posts or voids the hold. The credited account may always void it. */
  controller: accountId,
  ...movement,
})
export const postAction = struct({
  hold: holdId,
  /** May be less than held: the rest is released. */ amount: positiveAmount,
})
export const voidAction = struct({ hold: holdId })

export const openAccountAction = struct({
  member: memberId,
  accountKind,
  parent: option(accountId),
  policy,
  salt: bytes32,
  commitment: option(bytes32),
})
export const closeAccountAction = struct({ account: accountId })
export const setAccountStatusAction = struct({
  account: accountId,
  status: accountStatus,
  /** The supervisor's file number. */ reason: u32,
})
export const setAccountPolicyAction = struct({ account: accountId, policy })
export const createTicketsAction = struct({ account: accountId, count: u16, expiresMs: safeU64 })

export const createAssetAction = struct({
  issuer: memberId,
  code: text(identifierBytesMax),
  name: text(textBytesMax),
  assetKind,
  /** Digits of the minor unit, as ISO 4217 has them for money. */
  decimals: u8,
  /** The issuer's account that is debited by issuance; its balance is what is in circulation. */
  issuanceAccount: accountId,
  supplyMax: option(u128),
})
export const setAssetStatusAction = struct({ asset: assetId, status: assetStatus, reason: u32 })
export const setCreditLineAction = struct({ account: accountId, asset: assetId, creditLine: u128 })
export const freezeAmountAction = struct({ account: accountId, asset: assetId, amount: u128, reason: u32 })
export const setMemberPolicyAction = struct({ member: memberId, policy })
export const tickAction = struct({})

/** In whose name a contract is called. */
export const caller = variant({
  account: [1, struct({ account: accountId })],
  member: [2, struct({ member: memberId })],
})
export type Caller = Infer<typeof caller>

/** What a called contract may take from an account, at most. */
export const fund = struct({ account: accountId, asset: assetId, amount: positiveAmount })
export type Fund = Infer<typeof fund>

export const contractCallAction = struct({
  contract: contractId,
  name: text(contractNameBytesMax),
  /** JSON text. */
  input: text(callInputBytesMax),
  callers: list(caller, callersMax),
  funds: list(fund, fundsMax),
  /** What the call may use, and is charged for. */
  fuel: safeU64,
  writtenBytes: u32,
})

/** A contract's code as it is published: what runs, and what it was made of. */
const publishedCode = {
  vmVersion: u16,
  script: text(scriptBytesMax),
  sourceMap: text(sourceMapBytesMax),
  /** The author's files, so that anyone can build the script again and compare. */
  source: text(sourceBytesMax),
  /** For evaluating the script. */
  fuel: safeU64,
}
export const contractDeployAction = struct({
  member: memberId,
  name: text(contractNameBytesMax),
  ...publishedCode,
  /** Steps that the contract's triggers may use, bought now. */
  prepaidSteps: safeU64,
})
export const contractUpgradeAction = struct({ contract: contractId, ...publishedCode })
export const contractFundAction = struct({ contract: contractId, steps: safeU64 })
export const contractStatus = enumeration({ active: 1, paused: 2, migrating: 3 })
export const setContractStatusAction = struct({
  contract: contractId,
  status: enumeration({ active: 1, paused: 2 }),
  reason: u32,
})

/** A kind whose number is taken and whose form comes with a feature gate; until then it is refused as not active. */
const reserved = struct({ payload: bytes(reservedPayloadBytesMax) })

export const action = variant({
  transfer: [1, transferAction],
  issue: [2, issueAction],
  redeem: [3, redeemAction],
  hold: [4, holdAction],
  post: [5, postAction],
  void: [6, voidAction],
  'open-account': [16, openAccountAction],
  'close-account': [17, closeAccountAction],
  'set-account-status': [18, setAccountStatusAction],
  'set-account-policy': [19, setAccountPolicyAction],
  'create-tickets': [20, createTicketsAction],
  'create-asset': [32, createAssetAction],
  'set-asset-status': [33, setAssetStatusAction],
  'set-credit-line': [34, setCreditLineAction],
  'freeze-amount': [35, freezeAmountAction],
  'set-member-policy': [48, setMemberPolicyAction],
  tick: [64, tickAction],
  'contract-call': [128, contractCallAction],
  'contract-deploy': [129, contractDeployAction],
  'sealed-payload': [130, reserved],
  'cross-shard-send': [131, reserved],
  'cross-shard-receive': [132, reserved],
  'governance-propose': [133, reserved],
  'governance-vote': [134, reserved],
  'confidential-transfer': [135, reserved],
  'forced-transfer': [136, reserved],
  'register-member': [137, reserved],
  stake: [138, reserved],
  unstake: [139, reserved],
  'validator-ready': [140, reserved],
  evidence: [141, reserved],
  'start-recovery': [142, reserved],
  'veto-recovery': [143, reserved],
  schedule: [144, reserved],
  'transfer-unique': [145, reserved],
  'transfer-lot': [146, reserved],
  identity: [147, reserved],
  'contract-upgrade': [148, contractUpgradeAction],
  'contract-fund': [149, contractFundAction],
  'set-contract-status': [150, setContractStatusAction],
})
export type Action = Infer<typeof action>
export type ActionKind = Action['kind']
export type ActionOf<K extends ActionKind> = Extract<Action, { kind: K }>

const activeKinds: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'transfer',
  'issue',
  'redeem',
  'hold',
  'post',
  'void',
  'open-account',
  'close-account',
  'set-account-status',
  'set-account-policy',
  'create-tickets',
  'create-asset',
  'set-asset-status',
  'set-credit-line',
  'freeze-amount',
  'set-member-policy',
  'tick',
  'contract-call',
  'contract-deploy',
  'contract-upgrade',
  'contract-fund',
  'set-contract-status',
])

/** Whether the kind has a meaning in this protocol version; the others have a number only. */
export function isActiveAction(kind: ActionKind): boolean {
  return activeKinds.has(kind)
}
