import { createHash } from 'node:crypto'
import { buildTransaction, type Client, keyFromSeed, oneGroup, signTransaction } from '@tallystick/client'
import { decodeJsonText } from '@tallystick/core/codec'
import {
  type AccountId,
  type Action,
  type AssetId,
  type Authorizer,
  accountIdOf,
  assetIdOf,
  type Genesis,
  genesis as genesisCodec,
  ledgerOf,
  type MemberId,
  memberIdOf,
  type Transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { expect } from 'vitest'
import { type Key, readKeyFile } from '../../keys/index.ts'

const fundedMinor = 1_000_000n
const dayMs = 86_400_000
const bare = { reference: undefined, commitment: undefined }
const sha256 = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest())

/** The accounts of the tests: one member pays from Alice to Bob, each payment one minor unit under a reference. */
export class Book {
  readonly #genesis: Genesis
  readonly #key: Key

  private constructor(genesis: Genesis, key: Key) {
    this.#genesis = genesis
    this.#key = key
  }

  static async of(genesisText: string, keyPath: string): Promise<Book> {
    return new Book(decodeJsonText(genesisCodec, genesisText), await readKeyFile(keyPath, 'member'))
  }

  get member(): MemberId {
    return memberIdOf(this.#genesis.members[0]!.identifier)
  }

  get euro(): AssetId {
    return assetIdOf(this.member, 'EUR')
  }

  account(name: string): AccountId {
    return accountIdOf(this.member, this.#genesis.members[0]!.policy, sha256(name))
  }

  #transaction(actions: Action[], payer: string | undefined, validMs: number): Promise<Transaction> {
    const account = payer === undefined ? undefined : this.account(payer)
    const authorizers: Authorizer[] = [account ? { kind: 'account', account } : { kind: 'member', member: this.member }]
    const validUntilMs = Date.now() + validMs
    const ledger = ledgerOf(this.#genesis)
    const plan = { ledger, groups: oneGroup(actions), authorizers, payer: this.member, validUntilMs }
    return signTransaction(buildTransaction(plan), [keyFromSeed(this.#key.seed)])
  }

  /** A payment of one minor unit; the same reference is paid once, however often it is asked for. */
  payment(reference: string, validMs = 120_000): Promise<Transaction> {
    const day = Math.floor(this.#genesis.timeMs / dayMs)
    const transfer: Action = {
      kind: 'transfer',
      asset: this.euro,
      debit: this.account('alice'),
      credit: this.account('bob'),
      amount: 1n,
      reference: { member: this.member, businessDay: day, key: sha256(reference) },
      commitment: undefined,
    }
    return this.#transaction([transfer], 'alice', validMs)
  }

  /** A payment of one minor unit without a reference: each one counts. */
  transfer(validMs: number): Promise<Transaction> {
    const [debit, credit] = [this.account('alice'), this.account('bob')]
    return this.#transaction(
      [{ kind: 'transfer', asset: this.euro, debit, credit, amount: 1n, ...bare }],
      'alice',
      validMs,
    )
  }

  /** Pays, and resolves when it is proven. */
  async pay(client: Client, reference: string, timeoutMs = 60_000): Promise<Transaction> {
    const transaction = await this.payment(reference)
    await client.submit(transaction)
    const status = await client.waitFor(transactionIdOf(transaction.body), 'proven', { timeoutMs })
    expect(status).toMatchObject({ result: expect.stringMatching(/^(OK|ALREADY_DONE)$/) })
    return transaction
  }

  /** What Bob has got, proven: how many references were paid. */
  async paid(client: Client): Promise<number> {
    const { value } = await client.verifiedPosition(this.account('bob'), this.euro)
    return Number(value?.creditsPosted ?? 0n)
  }

  /** Opens the accounts and funds Alice. */
  async open(client: Client): Promise<void> {
    const { policy } = this.#genesis.members[0]!
    const open = (name: string, accountKind: 'issuance' | 'customer'): Action => ({
      kind: 'open-account',
      member: this.member,
      accountKind,
      parent: undefined,
      policy,
      salt: sha256(name),
      commitment: undefined,
    })
    const euro: Action = {
      kind: 'create-asset',
      issuer: this.member,
      code: 'EUR',
      name: 'Euro',
      assetKind: 'fungible',
      decimals: 2,
      issuanceAccount: this.account('issuance'),
      supplyMax: undefined,
    }
    const issue: Action = {
      kind: 'issue',
      asset: this.euro,
      credit: this.account('alice'),
      amount: fundedMinor,
      ...bare,
    }
    const opened = [open('issuance', 'issuance'), open('alice', 'customer'), open('bob', 'customer'), euro]
    for (const actions of [opened, [issue]]) {
      const transaction = await this.#transaction(actions, undefined, 120_000)
      await client.submit(transaction)
      const id = transactionIdOf(transaction.body)
      expect(await client.waitFor(id, 'proven', { timeoutMs: 60_000 })).toMatchObject({ result: 'OK' })
    }
  }
}
