import { buildTransaction, type Client, createClient, keyFromSeed, oneGroup, signTransaction } from '@tallystick/client'
import { decodeJsonText } from '@tallystick/core/codec'
import {
  type Action,
  type Authorizer,
  accountIdOf,
  assetIdOf,
  genesis as genesisCodec,
  memberIdOf,
  type Transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { expect } from 'vitest'
import { type Key, readKeyFile } from '../../keys/index.ts'
import type { Validators } from './validators.ts'

const bare = { reference: undefined, commitment: undefined }

/** A bank of the network with funds, whose payments show that the network goes on. */
export interface Payer {
  readonly client: Client
  /** A signed transfer of one unit. */
  transfer(validForMs?: number): Promise<Transaction>
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
  const member = memberIdOf(identifier)
  const saltOf = (name: string) => Uint8Array.from({ length: 32 }, (_, i) => name.charCodeAt(i % name.length))
  const account = (name: string) => accountIdOf(member, policy, saltOf(name))
  const asset = assetIdOf(member, 'EUR')
  const open = (name: string, accountKind: 'issuance' | 'customer'): Action => {
    return {
      kind: 'open-account',
      member,
      accountKind,
      parent: undefined,
      policy,
      salt: saltOf(name),
      commitment: undefined,
    }
  }

  async function make(actions: Action[], authorizer: Authorizer, validForMs = 120_000): Promise<Transaction> {
    const validUntilMs = Date.now() + validForMs
    const plan = {
      ledger: client.ledger,
      groups: oneGroup(actions),
      authorizers: [authorizer],
      payer: member,
      validUntilMs,
    }
    return signTransaction(buildTransaction(plan), [keyFromSeed(key.seed)])
  }
  async function send(transaction: Transaction): Promise<void> {
    await client.submit(transaction)
    const id = transactionIdOf(transaction.body)
    expect(await client.waitFor(id, 'proven', { timeoutMs: 45_000 })).toMatchObject({ result: 'OK' })
  }

  const byMember: Authorizer = { kind: 'member', member }
  const euro: Action = {
    kind: 'create-asset',
    issuer: member,
    code: 'EUR',
    name: 'Euro',
    assetKind: 'fungible',
    decimals: 2,
    issuanceAccount: account('issuance'),
    supplyMax: undefined,
  }
  await send(
    await make(
      [open('issuance', 'issuance'), open('debtor', 'customer'), open('creditor', 'customer'), euro],
      byMember,
    ),
  )
  await send(await make([{ kind: 'issue', asset, credit: account('debtor'), amount: 1_000_000n, ...bare }], byMember))

  const transfer = (validForMs?: number): Promise<Transaction> => {
    const action: Action = {
      kind: 'transfer',
      asset,
      debit: account('debtor'),
      credit: account('creditor'),
      amount: 1n,
      ...bare,
    }
    return make([action], { kind: 'account', account: account('debtor') }, validForMs)
  }
  return { client, transfer, pay: async () => send(await transfer()) }
}
