import { randomBytes } from 'node:crypto'
import { encode, sortByEncoding } from '@tallystick/core/codec'
import { ed25519PublicKey, signEd25519, taggedHash } from '@tallystick/core/crypto'
import {
  type Action,
  type Authorizer,
  authorizer,
  type Block,
  blockHashOf,
  defaultParameters,
  type ExecutedRoots,
  type FinalityProof,
  type Genesis,
  type Header,
  ledgerOf,
  type PayloadItem,
  payloadRootOf,
  proposalHashOf,
  requiredLimits,
  signingMessage,
  singleKeyPolicy,
  type Transaction,
  type TransactionBody,
  transaction,
  transactionIdOf,
  voteMessage,
} from '@tallystick/core/protocol'
import { testBank } from './test-bank.ts'

const seedOf = (name: string): Uint8Array => taggedHash('test-seed', new TextEncoder().encode(name))
const keyOf = (name: string): Uint8Array => ed25519PublicKey(seedOf(name))

export const validatorNames = ['a', 'b', 'c', 'd'] as const
const bank = 'TESTBANK'
const policy = singleKeyPolicy({ scheme: 'ed25519', publicKey: keyOf(bank) })
export const { member, asset, accountOf, openAccount, createEuro, issue, transfer } = testBank(bank, policy)

export const nodeSeed = (validator: number): Uint8Array => seedOf(`node ${validatorNames[validator]}`)

/** A genesis with one member that is everything, and four validators of equal stake. */
export function testGenesis(): Genesis {
  return {
    version: 1,
    network: 'test',
    name: 'test',
    shard: 0,
    timeMs: 1_800_000_000_000,
    members: [
      {
        identifier: bank,
        name: 'Test Bank',
        roles: ['validator', 'issuer', 'registrar', 'regulator', 'bank', 'publisher'],
        policy,
        quota: { stepsPerBlock: 10_000_000, writtenBytesPerBlock: 100_000_000 },
      },
    ],
    validators: validatorNames.map((name) => ({
      member,
      consensusKey: keyOf(`consensus ${name}`),
      nodeKey: keyOf(`node ${name}`),
      stake: 1n,
    })),
    recovery: { threshold: 1, keys: [{ scheme: 'ed25519', publicKey: keyOf('recovery') }] },
    parameters: defaultParameters,
    seed: new Uint8Array(32),
  }
}

export const genesis = testGenesis()
export const ledger = ledgerOf(genesis)

const byMember: Authorizer = { kind: 'member', member }

interface SignedTerms {
  readonly nowMs: number
  /** Names of the accounts that authorize it, besides the member unless that is left out. */
  readonly accounts?: readonly string[]
  readonly withMember?: boolean
  /** One group of all actions, or each in a group of its own. */
  readonly together?: boolean
  readonly ticket?: TransactionBody['ticket']
  readonly validUntilMs?: number
  /** More than it needs. */
  readonly steps?: number
}

/** A transaction that the bank signs. */
export function signed(actions: readonly Action[], terms: SignedTerms): Transaction {
  const { nowMs, accounts = [], withMember = true, together = true } = terms
  const groups = together
    ? [{ netted: false, actions: [...actions] }]
    : actions.map((action) => ({ netted: false, actions: [action] }))
  const byAccounts = accounts.map((name): Authorizer => ({ kind: 'account', account: accountOf(name) }))
  const authorizers = withMember ? [byMember, ...byAccounts] : byAccounts
  const required = requiredLimits({ groups })
  const body: TransactionBody = {
    version: 1,
    ledger,
    validUntilMs: terms.validUntilMs ?? nowMs + 300_000,
    ticket: terms.ticket,
    payer: member,
    limits: { ...required, steps: terms.steps ?? required.steps },
    authorizers: sortByEncoding(authorizers, authorizer, (value) => value),
    nonce: new Uint8Array(randomBytes(16)),
    groups,
  }
  const signature = signEd25519(signingMessage(ledger, transactionIdOf(body)), seedOf(bank))
  return { body, witness: [{ scheme: 'ed25519', publicKey: keyOf(bank), signature }] }
}

export const encoded = (value: Transaction): Uint8Array => encode(transaction, value)

/** The successor of a header with these transactions in it. */
export function blockAfter(parent: Header, executed: ExecutedRoots, transactions: readonly Transaction[]): Block {
  const payload = transactions.map((value): PayloadItem => ({ kind: 'inline', transaction: value }))
  const header: Header = {
    ...parent,
    height: parent.height + 1,
    parent: blockHashOf(parent),
    timeMs: parent.timeMs + 1_000,
    payloadRoot: payloadRootOf(payload),
    payloadCount: payload.length,
    executed,
  }
  return { header, payload }
}

/** A finalization of a header by the first three validators. */
export function finalityOf(header: Header): FinalityProof {
  const view = header.height
  const proposal = {
    epoch: 0,
    view,
    parentView: view - 1,
    parentHash: header.parent,
    blockHash: blockHashOf(header),
    justificationHash: new Uint8Array(32),
  }
  const message = voteMessage('finalize', ledger, 0, view, proposalHashOf(proposal))
  const signatures = validatorNames.slice(0, 3).map((name) => signEd25519(message, seedOf(`consensus ${name}`)))
  return { kind: 'simplex', proposal, quorum: { scheme: 'ed25519-list', signers: Uint8Array.of(7), signatures } }
}
