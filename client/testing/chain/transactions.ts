import { signEd25519 } from '@tallystick/core/crypto'
import {
  type AccountId,
  type Action,
  type Authorizer,
  commitmentOf,
  type DisclosureField,
  requiredLimits,
  signingMessage,
  type Transaction,
  type TransactionBody,
  transactionIdOf,
} from '@tallystick/core/protocol'
import {
  alice,
  bankId,
  bankKey,
  bankSeed,
  bob,
  carol,
  contract,
  euro,
  ledger,
  minute,
  seedOf,
  timeMs,
} from './genesis.ts'

// One packed transaction of two payments, one that fails, one call of a contract, and one that is never sent.

export const disclosed: DisclosureField[] = [
  { name: 'creditor.name', value: 'Bob', salt: seedOf(41) },
  { name: 'remittance', value: 'Invoice 7', salt: seedOf(42) },
]

const call: Action = {
  kind: 'contract-call',
  contract,
  name: 'add',
  input: '{"name":"a","by":7}',
  callers: [{ kind: 'member', member: bankId }],
  funds: [],
  fuel: 2_000_000,
  writtenBytes: 65_536,
}

function transfersOf(amounts: readonly bigint[], credit: readonly AccountId[]): Action[] {
  return amounts.map((amount, i) => ({
    kind: 'transfer',
    debit: alice,
    credit: credit[i]!,
    asset: euro,
    amount,
    reference: undefined,
    commitment: i === 0 ? commitmentOf(disclosed) : undefined,
  }))
}

function bodyOf(nonce: number, actions: readonly Action[], authorizer: Authorizer): TransactionBody {
  const groups = actions.map((value) => ({ netted: false, actions: [value] }))
  return {
    version: 1,
    ledger,
    validUntilMs: timeMs + 5 * minute,
    ticket: undefined,
    payer: bankId,
    limits: requiredLimits({ groups }),
    authorizers: [authorizer],
    nonce: new Uint8Array(16).fill(nonce),
    groups,
  }
}

function signed(body: TransactionBody): Transaction {
  const signature = signEd25519(signingMessage(ledger, transactionIdOf(body)), bankSeed)
  return { body, witness: [{ ...bankKey, signature }] }
}

const byAlice: Authorizer = { kind: 'account', account: alice }
export const packed = signed(bodyOf(51, transfersOf([100n, 23n], [bob, carol]), byAlice))
export const failed = signed(bodyOf(52, transfersOf([1_000_000n], [bob]), byAlice))
export const called = signed(bodyOf(54, [call], { kind: 'member', member: bankId }))
export const packedId = transactionIdOf(packed.body)
export const failedId = transactionIdOf(failed.body)
export const calledId = transactionIdOf(called.body)
/** Never sent. */
export const unsent = signed(bodyOf(53, transfersOf([1n], [bob]), byAlice))
export const unsentId = transactionIdOf(unsent.body)
