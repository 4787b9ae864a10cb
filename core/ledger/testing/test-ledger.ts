import { sortByEncoding } from '../../codec/index.ts'
import {
  type AccountId,
  type Action,
  type AssetId,
  type Authorizer,
  accountIdOf,
  assetIdOf,
  authorizer,
  blockHashOf,
  defaultParameters,
  type Genesis,
  type GenesisMember,
  type Header,
  type MemberId,
  memberIdOf,
  type Parameters,
  payloadRootOf,
  type ResultCode,
  requiredLimits,
  type TransactionBody,
  transactionIdOf,
} from '../../protocol/index.ts'
import type { BlockResult, ExecutedReceipt, OrderedTransaction } from '../block-result.ts'
import type { ContractRunner } from '../contracts/runner.ts'
import { Ledger, type LedgerStart } from '../ledger.ts'
import { hashOf, keyOf, policyOf, witnessOf } from './keys.ts'

export const startMs = 1_800_000_000_000
const quota = { stepsPerBlock: 10_000_000, writtenBytesPerBlock: 1_000_000_000 }

export function memberOf(identifier: string, terms: Partial<GenesisMember> = {}): GenesisMember {
  return { identifier, name: identifier, roles: [], policy: policyOf(1, identifier), quota, ...terms }
}

/** A central bank that issues, two commercial banks, a regulator, and a validator of the first. */
export function testGenesis(terms: { members?: GenesisMember[]; parameters?: Parameters } = {}): Genesis {
  const standard = [
    memberOf('central', { roles: ['issuer', 'validator'] }),
    memberOf('bank-a', { roles: ['bank'] }),
    memberOf('bank-b', { roles: ['bank'] }),
    memberOf('regulator', { roles: ['regulator'] }),
  ]
  const members = [...standard.filter(({ identifier }) => !terms.members?.some((m) => m.identifier === identifier))]
  members.push(...(terms.members ?? []))
  const validator = {
    member: memberIdOf('central'),
    consensusKey: hashOf('consensus'),
    nodeKey: keyOf('node').publicKey,
  }
  return {
    version: 1,
    network: 'test',
    name: 'test',
    shard: 0,
    timeMs: startMs,
    members,
    validators: [{ ...validator, stake: 1n }],
    recovery: { threshold: 1, keys: [] },
    parameters: terms.parameters ?? defaultParameters,
    seed: hashOf('seed'),
  }
}

export interface BuildTerms {
  /** Names of the keys that sign; by default those that the authorizers' names are. */
  readonly signers?: readonly string[]
  readonly by: readonly Authorizer[]
  readonly body?: Partial<TransactionBody>
  readonly netted?: boolean
}

export const member = (name: string): MemberId => memberIdOf(name)
export const byMemberNamed = (name: string): Authorizer => ({ kind: 'member', member: member(name) })
export const byAccountId = (account: AccountId): Authorizer => ({ kind: 'account', account })

/** A result of blocks whose transactions went the general way. */
export type WholeResult = Omit<BlockResult, 'receipts'> & { readonly receipts: readonly ExecutedReceipt[] }

export function wholeResult(result: BlockResult): WholeResult {
  const receipts = result.receipts.filter((receipt) => receipt.kind === 'whole')
  if (receipts.length < result.receipts.length) throw new Error('a transaction took the fast lane')
  return { ...result, receipts }
}

/** A ledger with a driver: builds transactions and blocks, and knows accounts and assets by name. */
export class TestLedger {
  readonly genesis: Genesis
  readonly start: LedgerStart
  ledger: Ledger
  header: Header
  #nonce = 0

  constructor(genesis: Genesis = testGenesis(), runner?: ContractRunner) {
    this.genesis = genesis
    this.start = Ledger.fromGenesis(genesis, runner)
    this.ledger = this.start.ledger
    this.header = this.start.header
  }

  get timeMs(): number {
    return this.header.timeMs
  }

  /** The header that follows, `laterMs` after the last. */
  nextHeader(laterMs = 1_000): Header {
    const { stateRoot } = this.ledger
    return {
      ...this.header,
      height: this.header.height + 1,
      parent: blockHashOf(this.header),
      timeMs: this.header.timeMs + laterMs,
      payloadRoot: payloadRootOf([]),
      executed: { height: this.header.height, stateRoot, historyRoot: hashOf('history') },
    }
  }

  block(transactions: readonly OrderedTransaction[], laterMs?: number): WholeResult {
    const header = this.nextHeader(laterMs)
    const result = this.ledger.applyBlock(header, transactions)
    this.header = header
    return wholeResult(result)
  }

  /** A transaction of groups of actions; limits, payer and validity are right unless `body` says otherwise. */
  build(
    groups: readonly (readonly Action[])[],
    { by, signers, body = {}, netted = false }: BuildTerms,
  ): OrderedTransaction {
    const wanted = groups.map((actions) => ({ netted, actions: [...actions] }))
    const authorizers = sortByEncoding(by, authorizer, (value) => value)
    const nonce = hashOf(`nonce ${this.#nonce++}`).slice(0, 16)
    const filled: TransactionBody = {
      version: 1,
      ledger: this.start.header.ledger,
      validUntilMs: this.header.timeMs + 300_000,
      ticket: undefined,
      payer: this.#payerOf(by[0]),
      limits: requiredLimits({ groups: wanted }),
      authorizers,
      nonce,
      groups: wanted,
      ...body,
    }
    const names = signers ?? by.map((authority) => this.#signerOf(authority))
    const transaction = { body: filled, witness: witnessOf([...new Set(names)]) }
    return { id: transactionIdOf(filled), transaction }
  }

  /** Executes one transaction in a block of its own. */
  execute(groups: readonly (readonly Action[])[], terms: BuildTerms): ExecutedReceipt {
    const { receipts, skipped } = this.block([this.build(groups, terms)])
    const receipt = receipts.find((r) => r.receipt.position.phase === 'payload')
    if (receipt === undefined) throw new Error(`skipped: ${skipped[0]?.reason}`)
    return receipt
  }

  /** The result of one action in a transaction and block of its own. */
  do(action: Action, ...by: Authorizer[]): ResultCode {
    return this.execute([[action]], { by }).items[0]!.item.result
  }

  /** Opens an account whose key has the account's name. */
  open(name: string, under: string, accountKind: 'customer' | 'own' | 'issuance' | 'escrow' = 'customer'): AccountId {
    const policy = policyOf(1, name)
    const salt = hashOf(`salt of ${name}`)
    const account = accountIdOf(member(under), policy, salt)
    this.#names.set(account.join(), name)
    const shared = { member: member(under), accountKind, parent: undefined, policy, salt, commitment: undefined }
    const result = this.do({ kind: 'open-account', ...shared }, byMemberNamed(under))
    if (result !== 'OK') throw new Error(`account ${name}: ${result}`)
    return account
  }

  /** An asset of the central bank, with an issuance account of its own. */
  asset(code: string, supplyMax?: bigint): AssetId {
    const issuanceAccount = this.open(`issuance of ${code}`, 'central', 'issuance')
    const shared = { issuer: member('central'), code, name: code, assetKind: 'fungible', decimals: 2 } as const
    const result = this.do({ kind: 'create-asset', ...shared, issuanceAccount, supplyMax }, byMemberNamed('central'))
    if (result !== 'OK') throw new Error(`asset ${code}: ${result}`)
    return assetIdOf(member('central'), code)
  }

  issue(asset: AssetId, credit: AccountId, amount: bigint): void {
    const result = this.do({ kind: 'issue', asset, credit, amount, ...plain }, byMemberNamed('central'))
    if (result !== 'OK') throw new Error(`issue: ${result}`)
  }

  /** Posted balance on the normal side of customers' accounts. */
  balance(account: AccountId, asset: AssetId): bigint {
    const position = this.ledger.get<'position'>({ kind: 'position', account, asset })
    return position === undefined ? 0n : position.creditsPosted - position.debitsPosted
  }

  readonly #names = new Map<string, string>()

  #signerOf(authority: Authorizer): string {
    if (authority.kind === 'account') return this.#names.get(authority.account.join()) ?? 'nobody'
    if (authority.kind === 'validator') return 'node'
    return this.genesis.members.find(({ identifier }) => memberIdOf(identifier).join() === authority.member.join())!
      .identifier
  }

  #payerOf(authority: Authorizer | undefined): MemberId {
    if (authority?.kind === 'member') return authority.member
    if (authority?.kind === 'account') {
      return this.ledger.get<'account'>({ kind: 'account', account: authority.account })?.member ?? member('bank-a')
    }
    return member('central')
  }
}

/** A movement without reference and commitment. */
export const plain = { reference: undefined, commitment: undefined } as const

export function transferOf(debit: AccountId, credit: AccountId, asset: AssetId, amount: bigint): Action {
  return { kind: 'transfer', debit, credit, asset, amount, ...plain }
}
