import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  buildTransaction,
  type Client,
  callOutcome,
  createClient,
  keyFromSeed,
  oneGroup,
  type Signer,
  signTransaction,
} from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { type Action, type ContractId, type MemberId, memberIdOf, transactionIdOf } from '@tallystick/core/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLocalNetwork, type LocalNetwork } from '../config/index.ts'
import { readKeyFile } from '../keys/index.ts'
import { isBuilt, type NodeProcess, replayProcess, startNodeProcess } from '../testing/node-process.ts'
import { callCounter, counterSource, deployCounter } from '../testing/test-contract.ts'

describe.skipIf(!isBuilt)('a contract on a network of four validators', () => {
  let directory = ''
  let network: LocalNetwork
  const running: (NodeProcess | undefined)[] = []
  let client: Client
  let member: MemberId
  let signer: Signer
  let contract: ContractId

  const start = async (index: number): Promise<void> => {
    running[index] = await startNodeProcess(network.nodes[index]!.home)
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tallystick-contracts-'))
    network = await createLocalNetwork({ directory: join(directory, 'net') })
    await Promise.all([0, 1, 2, 3].map(start))
    const nodes = running.map((each) => each!.apiUrl)
    client = createClient({ nodes, genesis: await readFile(network.genesisPath, 'utf8') })
    signer = keyFromSeed((await readKeyFile(network.members[0]!.keyPath, 'member')).seed)
    member = memberIdOf(client.genesis.members[0]!.identifier)
    const { contract: id, action } = deployCounter(member)
    contract = id
    await send(action)
  }, 120_000)
  afterAll(async () => {
    await Promise.all(running.map((each) => each?.stop()))
    await rm(directory, { recursive: true, force: true })
  }, 60_000)

  async function send(action: Action) {
    const byMember = { kind: 'member', member } as const
    const plan = { ledger: client.ledger, groups: oneGroup([action]), authorizers: [byMember], payer: member }
    const body = buildTransaction({ ...plan, validUntilMs: Date.now() + 120_000 })
    await client.submit(await signTransaction(body, [signer]))
    const id = transactionIdOf(body)
    await client.waitFor(id, 'proven', { timeoutMs: 30_000 })
    return client.verifiedReceipt(id)
  }
  const call = async (action: string, input: unknown) => {
    const receipt = await send(callCounter(contract, action, input, member))
    return { receipt, outcome: callOutcome(receipt, contract) }
  }

  /** Waits until a counter is proven to stand at a number. */
  async function counted(name: string, total: number, timeoutMs = 20_000): Promise<void> {
    const endMs = Date.now() + timeoutMs
    for (;;) {
      const row = await client.verifiedContractRow(contract, `counter/${name}`)
      if (row.value?.value === String(total)) return
      if (Date.now() > endMs) throw new Error(`counter/${name} is ${row.value?.value}, not ${total}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  test('it is called, its events and rows are proven, and its views and code are read', async () => {
    const { receipt, outcome } = await call('add', { name: 'a', by: 5 })
    expect(outcome).toEqual({ kind: 'returned', output: 5 })
    expect([...receipt.events.values()]).toMatchObject([
      { source: contract, topic: 'counted', data: '{"name":"a","total":5}' },
      { topic: 'returned' },
    ])
    await counted('a', 5)
    expect((await client.verifiedContractRow(contract, 'counter/z')).value).toBeUndefined()
    expect(await client.contractView(contract, 'total', { name: 'a' })).toMatchObject({ output: 5 })
    const { record, manifest } = await client.contract(contract)
    expect(Object.keys(manifest.views ?? {})).toEqual(['total', 'ask'])
    expect((await client.publishedCode(record.code)).source).toBe(counterSource)
    await expect(client.contractView(contract, 'ask', ['!loop'])).rejects.toMatchObject({
      problem: { failure: { code: 'CONTRACT_FUEL_EXCEEDED' } },
    })
  })

  test('its failures are told to its author alone, with their place in the script', async () => {
    const { outcome } = await call('ask', ['l"note"', '!throw'])
    expect(outcome).toMatchObject({ result: 'CONTRACT_FAILED', message: 'TypeError: thrown on purpose' })
    const [note] = (await client.contractLogs(contract, { member, signers: [signer] })).slice(-1)
    expect(note).toMatchObject({ name: 'ask', lines: ['"note"'] })
    expect(note?.stack).toMatch(/contract:\d+/)
    const other = keyFromSeed((await readKeyFile(network.members[1]!.keyPath, 'member')).seed)
    await expect(client.contractLogs(contract, { member, signers: [other] })).rejects.toMatchObject({
      problem: { code: 'API_NOT_AUTHOR' },
    })
  })

  test('recursion without end fails alike everywhere, and eight calls within each other, each deep, do not', async () => {
    expect((await call('ask', ['!deep'])).outcome).toMatchObject({ result: 'CONTRACT_DEPTH_EXCEEDED' })
    let question = 'gcounter/a'
    for (let level = 0; level < 7; level++) {
      question = `!under 600 v${JSON.stringify({ contract: toHex(contract), view: 'ask', input: [question] })}`
    }
    const { outcome } = await call('ask', [question])
    expect(outcome.kind === 'returned' && JSON.stringify(outcome.output)).toMatch(/=5/)
    const heights = await client.status()
    expect(heights.map(({ status }) => status?.halted)).toEqual(Array(4).fill(undefined))
  })

  test('what it booked happens on an idle chain, by one tick, with a receipt of its own', async () => {
    const { receipt } = await call('addLater', { name: 'late', inMs: 3_000 })
    const { height } = receipt.receipt.position
    const [booking] = await client.contractBookings(contract)
    expect(booking).toMatchObject({ booking: { name: 'beat', dueMs: receipt.receipt.timeMs + 3_000 } })
    for await (const event of client.events({ after: { height, index: 1_000 }, contract, topic: 'counted' })) {
      if (event.kind !== 'receipt') continue
      expect(event.events).toMatchObject([{ data: '{"name":"late","total":1}' }])
      await client.waitFor(event.id, 'proven', { timeoutMs: 20_000 })
      const fired = await client.verifiedReceipt(event.id)
      expect([fired.receipt.position.phase, fired.events.size]).toEqual(['begin', 1])
      break
    }
    await counted('late', 1)
    const [url] = running.map((each) => each!.apiUrl)
    const blocks = (await (await fetch(`${url}/v1/blocks?fromHeight=${height + 1}`)).json()) as {
      items: { header: { payloadCount: number } }[]
    }
    // One tick is enough; where a validator is slow, the next one in turn sends one too.
    const ticked = blocks.items.filter(({ header }) => header.payloadCount > 0).length
    expect([1, 2, 3, 4]).toContain(ticked)
  })

  test('it happens also where a validator is killed, and on that validator when it is back', async () => {
    await call('addLater', { name: 'killed', inMs: 3_000 })
    await running[0]!.kill()
    running[0] = undefined
    await counted('killed', 1)
    await call('addLater', { name: 'back', inMs: 4_000 })
    await start(0)
    await counted('back', 1)
    const own = createClient({ nodes: [running[0]!.apiUrl], genesis: await readFile(network.genesisPath, 'utf8') })
    const endMs = Date.now() + 20_000
    while ((await own.contractView(contract, 'total', { name: 'back' })).output !== 1) {
      expect(Date.now()).toBeLessThan(endMs)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect((await own.contractView(contract, 'total', { name: 'killed' })).output).toBe(1)
    // The validator that was killed kept its notes, and executed again what its store had not.
    const notes = await own.contractLogs(contract, { member, signers: [signer] })
    expect(notes.filter(({ lines }) => lines.includes('one more for killed'))).toHaveLength(1)
  })

  test('executed again from the blocks alone, it comes to the same roots', async () => {
    await running[3]!.stop()
    running[3] = undefined
    const report = await replayProcess(network.nodes[3]!.home)
    expect(report.storeAgrees).toBe(true)
    expect(report.confirmedHeight).toBeGreaterThan(5)
  })
})
