import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { streamExample } from '@tallystick/iso20022'
import { readLocalNetwork } from '@tallystick/node/config'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { exampleCustomers, fundingMinor } from '../demo/example-plan.ts'
import { isRunning, signalProcess } from '../network/process-identity.ts'
import { readRunState } from '../network/run-state.ts'
import { isBuilt, type Running, start, tallystick, tallystickJson } from './command.ts'
import { balancesOf, temporaryHome } from './home.ts'

/** A file over the accounts of the demo, as large as the fault needs time. */
async function paymentFile(path: string, messageId: string, payments: number): Promise<void> {
  const customers = exampleCustomers().filter(({ state }) => state === 'active')
  const of = (role: string) => customers.filter((customer) => customer.role === role).map(({ account }) => account)
  const businessDate = new Date().toISOString().slice(0, 10)
  const options = {
    seed: messageId,
    businessDate,
    messageId,
    debtors: of('debtor'),
    creditors: of('creditor'),
    payments,
  }
  await writeFile(path, [...streamExample(options)].join(''))
}

/** Every currency unit is where it was issued to or paid to. */
function expectNothingLost(balances: Record<string, bigint>): void {
  const issued: Record<string, bigint> = { EUR: 2n, USD: 1n, CHF: 1n, GBP: 1n, JPY: 1n }
  for (const [currency, debtors] of Object.entries(issued)) {
    const all = Object.entries(balances).filter(([key]) => key.endsWith(` ${currency}`))
    expect(
      all.reduce((sum, [, balance]) => sum + balance, 0n),
      currency,
    ).toBe(debtors * fundingMinor)
  }
}

async function killNode(home: string, name: string): Promise<void> {
  const node = (await readRunState(home))?.nodes.find((candidate) => candidate.name === name)
  process.kill(node!.pid, 'SIGKILL')
}

interface Summary {
  readonly paid: number
  readonly paidEarlier: number
  readonly open: number
}

describe.skipIf(!isBuilt)('faults', () => {
  let cwd: string
  let home: string
  let remove: () => Promise<void>
  const running: Running[] = []
  const started = (...argv: string[]): Running => {
    const command = start(cwd, ...argv)
    running.push(command)
    return command
  }
  beforeAll(async () => {
    ;({ cwd, home, remove } = await temporaryHome())
    const set = await tallystick(cwd, 'demo', '--exit', '--packed')
    expect([set.exit, set.errors]).toEqual([0, ''])
  }, 120_000)
  // What one test leaves running must not be the next one's fault.
  afterEach(async () => {
    for (const { child } of running) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await Promise.all(running.splice(0).map(({ ended }) => ended))
    for (const node of (await readRunState(home))?.nodes ?? []) signalProcess(node, 'SIGKILL')
  }, 60_000)
  afterAll(() => remove())

  it('kill -9 of one validator during an import: the importer goes on; the validator comes back and serves receipts', async () => {
    const file = join(cwd, 'one.xml')
    await paymentFile(file, 'KILL-ONE', 1_000)
    const network = await readLocalNetwork(home)
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    const job = started('payments', 'import', file)
    await job.until('payments 4')
    await killNode(home, 'node-2')
    const { exit, output, errors } = await job.ended
    expect([exit, errors]).toEqual([0, ''])
    expect(output).toMatch(/1000 payments, 1000 paid now/)

    const second = network.nodes[1]!
    const back = started('node', 'start', '--home', second.home)
    await back.until('node-2 runs')
    const id = (await readdir(join(home, 'receipts'))).find((name) => name.length === 69)!.slice(0, 64)
    const get = () =>
      tallystick(cwd, 'receipt', 'get', id, '--node', second.apiUrl, '--genesis', network.genesisPath, '--json')
    await expect.poll(async () => (await get()).exit, { timeout: 60_000, interval: 500 }).toBe(0)
    const behind = async (): Promise<number> => {
      const heightOf = async (home: string) =>
        (await tallystickJson<{ heights: { proven: number } }>(cwd, 'node', 'status', '--home', home)).heights.proven
      return (await heightOf(network.nodes[0]!.home)) - (await heightOf(second.home))
    }
    await expect.poll(behind, { timeout: 60_000, interval: 500 }).toBeLessThanOrEqual(2)
    back.child.kill('SIGINT')
    expect((await back.ended).exit).toBe(0)
    expect((await tallystick(cwd, 'network', 'stop')).exit).toBe(0)
    expectNothingLost(await balancesOf(cwd, home))
  }, 240_000)

  it('kill -9 of all validators and of the importer: the next start goes on, nothing acknowledged is lost or paid twice', async () => {
    const file = join(cwd, 'all.xml')
    await paymentFile(file, 'KILL-ALL', 1_000)
    const before = new Set(await readdir(join(home, 'receipts')))
    const job = started('demo', '--file', file)
    await job.until('payments 6')
    const nodes = (await readRunState(home))!.nodes
    for (const { pid } of nodes) process.kill(pid, 'SIGKILL')
    job.child.kill('SIGKILL')
    await job.ended
    const acknowledged = (await readdir(join(home, 'receipts'))).filter(
      (name) => !before.has(name) && name.length === 69,
    )
    expect(acknowledged.length).toBeGreaterThan(0)

    const resumed = await tallystickJson<Summary>(cwd, 'demo', '--file', file, '--exit')
    expect(resumed.open).toBe(0)
    expect(resumed.paid + resumed.paidEarlier).toBe(1_000)
    expect(resumed.paidEarlier).toBeGreaterThanOrEqual(acknowledged.length)
    const { payments } = await tallystickJson<{ payments: { outcome: { receipt: { file: string } } }[] }>(
      cwd,
      'payments',
      'status',
      'KILL-ALL',
    )
    const final = new Set(payments.map(({ outcome }) => outcome.receipt.file))
    expect(final.size).toBe(1_000)
    expect(acknowledged.filter((name) => !final.has(name))).toEqual([])
    expectNothingLost(await balancesOf(cwd, home))
  }, 240_000)

  it('a second start in the same folder is refused while the first runs, and Ctrl-C ends the first cleanly', async () => {
    const first = started('demo')
    await first.until('The network stays up')
    const second = await tallystick(cwd, 'demo', '--exit')
    expect([second.exit, second.errors]).toEqual([1, expect.stringContaining('error NETWORK_RUNNING')])
    const nodes = (await readRunState(home))!.nodes
    first.child.kill('SIGINT')
    expect((await first.ended).exit).toBe(0)
    expect(nodes.filter(isRunning)).toEqual([])
  }, 120_000)

  it('Ctrl-C during an import ends all with status 130, and the next start goes on', async () => {
    const file = join(cwd, 'interrupted.xml')
    await paymentFile(file, 'CTRL-C', 600)
    const job = started('demo', '--file', file)
    await job.until('payments 1')
    const nodes = (await readRunState(home))!.nodes
    job.child.kill('SIGINT')
    const { exit, errors } = await job.ended
    expect([exit, errors]).toEqual([130, expect.stringContaining('error INTERRUPTED')])
    expect(nodes.filter(isRunning)).toEqual([])
    const resumed = await tallystickJson<Summary>(cwd, 'demo', '--file', file, '--exit')
    expect([resumed.paid + resumed.paidEarlier, resumed.open]).toEqual([600, 0])
  }, 240_000)

  it('a validator does not outlive an `npm start` that was killed', async () => {
    const job = started('demo')
    await job.until('The network stays up')
    const nodes = (await readRunState(home))!.nodes
    job.child.kill('SIGKILL')
    await job.ended
    await expect.poll(() => nodes.filter(isRunning).length, { timeout: 20_000, interval: 100 }).toBe(0)
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    expect((await tallystick(cwd, 'network', 'stop')).exit).toBe(0)
  }, 120_000)

  it('a port in use is named', async () => {
    const { host, nodes } = await readLocalNetwork(home)
    const port = nodes[2]!.apiPort
    const server = createServer().listen({ host, port })
    await new Promise((resolve) => server.once('listening', resolve))
    const { exit, errors } = await tallystick(cwd, 'network', 'start')
    await new Promise((resolve) => server.close(resolve))
    expect([exit, errors]).toEqual([3, expect.stringMatching(new RegExp(`error NETWORK_PORT_IN_USE: .*${port}`))])
  })

  it('a world-readable key and a corrupted genesis keep the network from starting, and nothing is changed', async () => {
    const key = join(home, 'nodes', 'node-3', 'keys', 'consensus.json')
    await chmod(key, 0o644)
    const readable = await tallystick(cwd, 'network', 'start')
    expect([readable.exit, readable.errors]).toEqual([2, expect.stringContaining('error KEY_FILE_PERMISSIONS')])
    await chmod(key, 0o600)
    const path = join(home, 'genesis.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"shard": 0', '"shard": 1'))
    const corrupted = await tallystick(cwd, 'demo', '--exit')
    expect([corrupted.exit, corrupted.errors]).toEqual([2, expect.stringContaining('error GENESIS_CORRUPTED')])
    await writeFile(path, text)
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    expect((await tallystick(cwd, 'network', 'stop')).exit).toBe(0)
  }, 60_000)

  it('a file with an unknown account or no XML is refused whole, with its problems', async () => {
    await mkdir(join(cwd, 'files'))
    const broken = join(cwd, 'files', 'broken.xml')
    await writeFile(broken, '<!DOCTYPE a [<!ENTITY b "c">]><Document/>')
    const unknown = join(cwd, 'files', 'unknown.xml')
    await paymentFile(unknown, 'UNKNOWN', 20)
    const book = join(home, 'address-book.json')
    const known = await readFile(book, 'utf8')
    const { accounts } = JSON.parse(known) as { accounts: { account: string }[] }
    const creditor = exampleCustomers().find(
      ({ role, state, account }) => role === 'creditor' && state === 'active' && account.kind === 'person',
    )!
    await writeFile(
      book,
      JSON.stringify({
        version: 1,
        accounts: accounts.filter(({ account }) => !account.endsWith(creditor.account.iban!)),
      }),
    )
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    const refused = await tallystick(cwd, 'payments', 'import', broken)
    const missing = await tallystick(cwd, 'payments', 'import', unknown)
    await writeFile(book, known)
    const partly = await tallystick(cwd, 'payments', 'import', unknown, '--partial', '--packed')
    expect((await tallystick(cwd, 'network', 'stop')).exit).toBe(0)
    expect([refused.exit, refused.output]).toEqual([2, expect.stringContaining('ISO20022_XML_DOCTYPE')])
    expect([missing.exit, missing.output]).toEqual([2, expect.stringContaining('PAYMENT_CREDITOR_UNKNOWN')])
    expect([partly.exit, partly.output]).toEqual([0, expect.stringContaining('20 paid now')])
  }, 60_000)
})
