import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildTransaction,
  type Client,
  createClient,
  generateKey,
  keyFromSeed,
  oneGroup,
  signTransaction,
} from '@tallystick/client'
import { decodeJsonText } from '@tallystick/core/codec'
import {
  type Action,
  type Authorizer,
  accountIdOf,
  assetIdOf,
  derivedIdOf,
  type Genesis,
  genesis as genesisCodec,
  holdIdOf,
  memberIdOf,
  type Transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalNetwork, type LocalNetwork } from '../config/index.ts'
import { type Key, readKeyFile } from '../keys/index.ts'
import { isBuilt, type NodeProcess, replayProcess, startNodeProcess } from '../testing/node-process.ts'

describe.skipIf(!isBuilt)('a running network of four validators', () => {
  let directory = ''
  let network: LocalNetwork
  let running: (NodeProcess | undefined)[] = []
  let client: Client
  let genesisText = ''
  let genesis: Genesis
  let key: Key

  const start = (index: number): Promise<NodeProcess> => startNodeProcess(network.nodes[index]!.home)

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tallystick-network-'))
    network = await createLocalNetwork({ directory: join(directory, 'net') })
    genesisText = await readFile(network.genesisPath, 'utf8')
    genesis = decodeJsonText(genesisCodec, genesisText)
    key = await readKeyFile(network.members[0]!.keyPath, 'member')
    running = await Promise.all([0, 1, 2, 3].map(start))
    client = createClient({ nodes: running.map((each) => each!.apiUrl), genesis: genesisText })
    await send([open('issuance', 'issuance'), open('alice', 'customer'), open('bob', 'customer'), createEuro()])
    await send([{ kind: 'issue', asset: asset(), credit: account('alice'), amount: 1_000n, ...bare }])
  }, 120_000)
  afterAll(async () => {
    await Promise.all(running.map((each) => each?.stop()))
    await rm(directory, { recursive: true, force: true })
  }, 60_000)

  const bare = { reference: undefined, commitment: undefined }
  const member = () => memberIdOf(genesis.members[0]!.identifier)
  const policy = () => genesis.members[0]!.policy
  const salt = (name: string) => Uint8Array.from({ length: 32 }, (_, i) => name.charCodeAt(i % name.length))
  const account = (name: string) => accountIdOf(member(), policy(), salt(name))
  const asset = () => assetIdOf(member(), 'EUR')
  const open = (name: string, accountKind: 'issuance' | 'customer'): Action => ({
    kind: 'open-account',
    member: member(),
    accountKind,
    parent: undefined,
    policy: policy(),
    salt: salt(name),
    commitment: undefined,
  })
  const createEuro = (): Action => ({
    kind: 'create-asset',
    issuer: member(),
    code: 'EUR',
    name: 'Euro',
    assetKind: 'fungible',
    decimals: 2,
    issuanceAccount: account('issuance'),
    supplyMax: undefined,
  })
  const transfer = (amount: bigint): Action => ({
    kind: 'transfer',
    asset: asset(),
    debit: account('alice'),
    credit: account('bob'),
    amount,
    ...bare,
  })

  async function make(actions: Action[], ...accounts: string[]): Promise<Transaction> {
    const byAccount = accounts.map((name): Authorizer => ({ kind: 'account', account: account(name) }))
    const authorizers: Authorizer[] = accounts.length > 0 ? byAccount : [{ kind: 'member', member: member() }]
    const validUntilMs = Date.now() + 120_000
    const plan = { ledger: client.ledger, groups: oneGroup(actions), authorizers, payer: member(), validUntilMs }
    return signTransaction(buildTransaction(plan), [keyFromSeed(key.seed)])
  }

  async function send(actions: Action[], ...accounts: string[]) {
    const transaction = await make(actions, ...accounts)
    await client.submit(transaction)
    const id = transactionIdOf(transaction.body)
    expect(await client.waitFor(id, 'proven', { timeoutMs: 30_000 })).toMatchObject({ result: 'OK' })
    return { id, receipt: await client.verifiedReceipt(id) }
  }

  test('a hold that expires on an idle chain is swept by a tick, with a receipt of its own', async () => {
    const hold: Action = {
      kind: 'hold',
      debit: account('alice'),
      credit: account('bob'),
      asset: asset(),
      amount: 100n,
      expiresMs: Date.now() + 2_500,
      controller: account('bob'),
      ...bare,
    }
    const { id } = await send([hold], 'alice')
    const pending = await client.verifiedPosition(account('alice'), asset())
    expect(pending.value).toMatchObject({ debitsPending: 100n })
    const swept = derivedIdOf(holdIdOf(id, 0), 'hold-expiry', 0)
    await client.waitFor(swept, 'proven', { timeoutMs: 20_000 })
    expect((await client.verifiedReceipt(swept)).receipt.position.phase).toBe('begin')
    const after = await client.verifiedPosition(account('alice'), asset())
    expect(after.value).toMatchObject({ debitsPending: 0n, debitsPosted: 0n })
  }, 60_000)

  test('what was received and ran out is proven not to have happened', async () => {
    // Alice's account never signed: copies are passed over in every block, and leave no receipt.
    const stranger = generateKey()
    const account = await make([transfer(1n)], 'alice')
    const body = { ...account.body, validUntilMs: Date.now() + 3_000 }
    const signedByStranger = await signTransaction(body, [stranger])
    await client.submit(signedByStranger)
    const id = transactionIdOf(body)
    await expect(client.waitFor(id, 'executed', { timeoutMs: 30_000 })).rejects.toMatchObject({
      code: 'CLIENT_TRANSACTION_EXPIRED',
    })
    const proveAbsence = async () => {
      for (let attempt = 0; ; attempt++) {
        try {
          return await client.verifiedAbsence(id, body.validUntilMs)
        } catch (error) {
          if (attempt === 50) throw error
          await new Promise((resolve) => setTimeout(resolve, 200))
        }
      }
    }
    expect((await proveAbsence()).value).toBe('did-not-happen')
  }, 60_000)

  test('an idle chain stands still', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const heights = async () =>
      (await client.status()).map((report) => 'status' in report && report.status?.heights.final)
    const before = await heights()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(await heights()).toEqual(before)
  })

  test('a validator that was killed catches up and serves verified receipts', async () => {
    await running[3]!.kill()
    running[3] = undefined
    const { id } = await send([transfer(10n)], 'alice')
    running[3] = await start(3)
    const alone = createClient({ nodes: [running[3].apiUrl], genesis: genesisText })
    await alone.waitFor(id, 'proven', { timeoutMs: 30_000 })
    expect((await alone.verifiedReceipt(id)).receipt.result).toBe('OK')
  }, 60_000)

  test('two of four are no quorum: nothing is final, and work goes on when one is back', async () => {
    for (const index of [2, 3]) {
      await running[index]!.kill()
      running[index] = undefined
    }
    const transaction = await make([transfer(1n)], 'alice')
    await client.submit(transaction)
    const id = transactionIdOf(transaction.body)
    await expect(client.waitFor(id, 'final', { timeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'CLIENT_WAIT_TIMEOUT',
    })
    running[2] = await start(2)
    expect(await client.waitFor(id, 'proven', { timeoutMs: 40_000 })).toMatchObject({ result: 'OK' })
    running[3] = await start(3)
  }, 90_000)

  test('replay rebuilds a stopped node from its blocks and arrives at the same roots', async () => {
    await running[1]!.stop()
    running[1] = undefined
    const report = await replayProcess(network.nodes[1]!.home)
    expect(report).toMatchObject({ storeAgrees: true })
    expect(report.confirmedHeight).toBeGreaterThan(3)
    running[1] = await start(1)
  }, 60_000)

  test('error: a second process on the same home is refused by name', async () => {
    await expect(start(0)).rejects.toMatchObject({ code: 'HOME_IN_USE' })
  })
})
