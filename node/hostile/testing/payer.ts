import { buildTransaction, type Client, createClient, keyFromSeed, oneGroup, signTransaction } from '@tallystick/client'
import { decodeJsonText } from '@tallystick/core/codec'
import {
  type Action,
  type Authorizer,
  type ContractId,
  genesis as genesisCodec,
  type Transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { expect } from 'vitest'
import { type Key, readKeyFile } from '../../keys/index.ts'
import { testBank } from '../../testing/test-bank.ts'
import { deployCounter } from '../../testing/test-contract.ts'
import type { Validators } from './validators.ts'

/** A bank of the network with funds, whose payments show that the network goes on. */
export interface Payer {
  readonly client: Client
  /** A signed transfer of one unit. */
  transfer(validForMs?: number): Promise<Transaction>
  /** Deploys a contract whose views do what they are asked. */
  deploy(): Promise<ContractId>
  /** Sends a transfer and waits for its proof. */
  pay(): Promise<void>
}

/** @param nodes - Indexes of the validators that are asked; the others may be hostile. */
export async function createPayer(validators: Validators, nodes: readonly number[]): Promise<Payer> {
  const genesis = decodeJsonText(genesisCodec, validators.genesisText)
  const key: Key = await readKeyFile(validators.network.members[0]!.keyPath, 'member')
  const urls = nodes.map((index) => validators.running[index]!.apiUrl)
  const client = createClient({ nodes: urls, genesis: validators.genesisText })
  const { identifier, policy } = genesis.members[0]!
  const bank = testBank(identifier, policy)

  async function make(actions: Action[], authorizer: Authorizer, validForMs = 120_000): Promise<Transaction> {
    const validUntilMs = Date.now() + validForMs
    const groups = oneGroup(actions)
    const plan = { ledger: client.ledger, groups, authorizers: [authorizer], payer: bank.member, validUntilMs }
    return signTransaction(buildTransaction(plan), [keyFromSeed(key.seed)])
  }
  async function send(transaction: Transaction): Promise<void> {
    await client.submit(transaction)
    const id = transactionIdOf(transaction.body)
    expect(await client.waitFor(id, 'proven', { timeoutMs: 45_000 })).toMatchObject({ result: 'OK' })
  }

  const byMember: Authorizer = { kind: 'member', member: bank.member }
  const customers = ['debtor', 'creditor'].map((name) => bank.openAccount(name, 'customer'))
  await send(await make([bank.openAccount('issuance', 'issuance'), ...customers, bank.createEuro], byMember))
  await send(await make([bank.issue('debtor', 1_000_000n)], byMember))

  const byDebtor: Authorizer = { kind: 'account', account: bank.accountOf('debtor') }
  const transfer = (validForMs?: number): Promise<Transaction> =>
    make([bank.transfer('debtor', 'creditor', 1n)], byDebtor, validForMs)
  const deploy = async (): Promise<ContractId> => {
    const { contract, action } = deployCounter(bank.member)
    await send(await make([action], byMember))
    return contract
  }
  return { client, transfer, deploy, pay: async () => send(await transfer()) }
}
