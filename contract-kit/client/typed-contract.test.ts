import { fileURLToPath } from 'node:url'
import { buildTransaction, deployContract, keyFromSeed, oneGroup, signTransaction } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract } from '../../contracts/escrow/contract.ts'
import { BadNetwork, until } from '../../node/bad-days/testing/bad-network.ts'
import { readKeyFile } from '../../node/keys/index.ts'
import { isBuilt } from '../../node/testing/node-process.ts'
import { buildContract } from '../build/index.ts'
import { ContractRefusal, TypedContract } from './index.ts'

const escrowFile = fileURLToPath(new URL('../../contracts/escrow/contract.ts', import.meta.url))

describe.skipIf(!isBuilt)('a contract on a network of processes (skipped where nothing is built)', () => {
  let network: BadNetwork
  beforeAll(async () => {
    network = await BadNetwork.start()
  }, 120_000)
  afterAll(async () => {
    await network?.end()
  })

  test('is deployed, called with funds, refuses, is asked, and acts by itself on an idle chain', async () => {
    const { book } = network
    const client = network.client()
    const key = keyFromSeed((await readKeyFile(network.network.members[0]!.keyPath, 'member')).seed)
    const code = await buildContract(escrowFile)
    const { contract: id, action } = deployContract({
      member: book.member,
      name: 'escrow',
      code,
      prepaidSteps: 400_000,
    })
    const validUntilMs = Date.now() + 300_000
    const authorizers = [{ kind: 'member', member: book.member } as const]
    const body = buildTransaction({
      ledger: client.ledger,
      groups: oneGroup([action]),
      authorizers,
      payer: book.member,
      validUntilMs,
    })
    const deployed = await client.submit(await signTransaction(body, [key]))
    await client.waitFor(deployed.id, 'proven')
    expect((await client.verifiedReceipt(deployed.id)).receipt.result).toBe('OK')

    const escrow = new TypedContract(client, contract, id)
    const [alice, bob] = [book.account('alice'), book.account('bob')]
    const price = { asset: toHex(book.euro), amount: 60n }
    const parties = { buyer: toHex(alice), seller: toHex(bob) }
    const byAlice = { payer: book.member, signers: [key], callers: [{ kind: 'account', account: alice } as const] }
    const funds = [{ account: alice, asset: book.euro, amount: 60n }]
    const before = (await client.verifiedPosition(alice, book.euro)).value!
    const deadlineMs = Date.now() + 6_000
    const opened = await escrow.call(
      'open',
      { id: 'o1', ...parties, price, deadlineMs },
      { ...byAlice, funds, fuel: 5_000_000 },
    )
    expect([...opened.receipt.events.values()].map(({ topic }) => topic)).toContain('opened')
    await escrow.call('release', { id: 'o1', by: toHex(alice), amount: 25n }, byAlice)
    const refusal = escrow.call('release', { id: 'o1', by: toHex(alice), amount: 36n }, byAlice)
    await expect(refusal).rejects.toThrow(ContractRefusal)
    await expect(refusal).rejects.toMatchObject({ code: 'AMOUNT_WRONG' })
    expect((await escrow.view('deal', { id: 'o1' })).output).toMatchObject({ status: 'open', paymentLeft: 35n })

    // Nobody sends anything more.
    await until(
      'the refund at the deadline',
      async () => (await escrow.view('deal', { id: 'o1' })).output?.status === 'refunded',
    )
    const paid = async (): Promise<bigint> => {
      const { debitsPosted, creditsPosted } = (await client.verifiedPosition(alice, book.euro)).value!
      return before.creditsPosted - before.debitsPosted - (creditsPosted - debitsPosted)
    }
    await until('the proof of what was paid', async () => (await paid()) === 25n)
    await network.expectSameChain()
  }, 120_000)
})
