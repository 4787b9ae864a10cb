import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyProofDocument } from '@tallystick/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isBuilt, tallystick, tallystickJson } from './command.ts'
import { balancesOf, isAnythingRunning, temporaryHome } from './home.ts'

interface Summary {
  readonly payments: number
  readonly paid: number
  readonly paidEarlier: number
  readonly rejected: number
  readonly open: number
  readonly receiptsVerified: number
  readonly rejections: readonly { readonly iso: string; readonly payments: number }[]
  readonly report: string
}

/** Positions of a receipt at which a byte is changed. */
const changesMax = 400

describe.skipIf(!isBuilt)('the main job', () => {
  let cwd: string
  let home: string
  let remove: () => Promise<void>
  let first: Summary
  beforeAll(async () => {
    ;({ cwd, home, remove } = await temporaryHome())
    first = await tallystickJson<Summary>(cwd, 'demo', '--exit')
  }, 120_000)
  afterAll(() => remove())

  const receiptFiles = async (): Promise<string[]> =>
    (await readdir(join(home, 'receipts'))).map((name) => join(home, 'receipts', name))

  it('gives every payment of the example a verified receipt, some of them rejections with ISO reasons', async () => {
    expect(first).toMatchObject({ payments: 520, paidEarlier: 0, open: 0, receiptsVerified: 520 })
    expect(first.paid + first.rejected).toBe(520)
    expect(first.rejections.map(({ iso }) => iso).sort()).toEqual(['AC04', 'AC06'])
    expect(await isAnythingRunning(home)).toBe(false)
  })

  it('writes a status report with ACCC or RJCT for every payment', async () => {
    const report = await readFile(first.report, 'utf8')
    expect(report).toContain('pain.002.001.10')
    expect(report.match(/<TxSts>ACCC<\/TxSts>/g)).toHaveLength(first.paid)
    expect(report.match(/<TxSts>RJCT<\/TxSts>/g)).toHaveLength(first.rejected)
  })

  it('keeps keys, receipts and records for their owner only', async () => {
    const names = ['keys/members/alpine-bank.json', 'nodes/node-1/keys/consensus.json', 'address-book.json']
    for (const path of [...names.map((name) => join(home, name)), ...(await receiptFiles()), first.report]) {
      expect((await stat(path)).mode & 0o077).toBe(0)
    }
  })

  it('leaves receipts that all verify with every node stopped', async () => {
    const genesis = await readFile(join(home, 'genesis.json'), 'utf8')
    for (const path of await receiptFiles()) {
      expect(verifyProofDocument(genesis, await readFile(path, 'utf8')), path).toMatchObject({ ok: true })
    }
    const [path] = await receiptFiles()
    const verified = await tallystick(cwd, 'receipt', 'verify', path!, '--genesis', join(home, 'genesis.json'))
    expect([verified.exit, verified.errors]).toEqual([0, ''])
  })

  it('leaves receipts of which no byte can be changed', async () => {
    const genesis = await readFile(join(home, 'genesis.json'), 'utf8')
    const [path] = await receiptFiles()
    const bytes = await readFile(path!)
    const step = Math.max(1, Math.floor(bytes.length / changesMax))
    for (let at = 0; at < bytes.length; at += step) {
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 1
      const verdict = verifyProofDocument(genesis, changed.toString('utf8'))
      expect(verdict.ok, `byte ${at}`).toBe(false)
    }
    const forged = join(cwd, 'forged.json')
    await writeFile(
      forged,
      bytes.toString('utf8').replace(/"receiptCount": (\d)/, (_, digit) => `"receiptCount": 9${digit}`),
    )
    const { exit, errors } = await tallystick(cwd, 'receipt', 'verify', forged, '--genesis', join(home, 'genesis.json'))
    expect([exit, errors]).toEqual([4, expect.stringMatching(/error PROOF_REFUSED: .*PROOF_RECEIPT at receipt/)])
  })

  it('reveals one payment without the others, and the proof verifies alone', async () => {
    const proof = join(cwd, 'proof.json')
    const fields = 'creditor.name,remittance.unstructured.1'
    await tallystickJson(cwd, 'payments', 'reveal', '#1', '--fields', fields, '--out', proof)
    const shown = await tallystickJson<{ disclosed: { name: string }[] }>(cwd, 'proof', 'verify', proof)
    expect(shown.disclosed.map(({ name }) => name)).toEqual(fields.split(','))
    expect(await readFile(proof, 'utf8')).not.toContain('debtor.name')
  })

  it('pays the same file not twice: same balances, original receipts', async () => {
    const before = await balancesOf(cwd, home)
    const files = await receiptFiles()
    const second = await tallystickJson<Summary>(cwd, 'demo', '--exit')
    expect(second).toMatchObject({ paid: 0, paidEarlier: first.paid, rejected: first.rejected, open: 0 })
    expect(await balancesOf(cwd, home)).toEqual(before)
    // Only the rejected ones were tried again, under new transactions.
    expect((await receiptFiles()).length - files.length).toBe(first.rejected)
    expect(await isAnythingRunning(home)).toBe(false)
  }, 120_000)

  it("pays the same file not twice from another machine with the bank's keys either", async () => {
    const other = join(cwd, 'other-machine')
    await mkdir(other)
    for (const name of ['network.json', 'genesis.json', 'address-book.json', 'keys']) {
      await cp(join(home, name), join(other, name), { recursive: true })
    }
    expect((await tallystick(cwd, 'network', 'start')).exit).toBe(0)
    const file = join(home, 'example', 'payments.xml')
    const elsewhere = await tallystickJson<Summary>(cwd, 'payments', 'import', file, '--home', other)
    expect((await tallystick(cwd, 'network', 'stop')).exit).toBe(0)
    expect(elsewhere).toMatchObject({ paid: 0, paidEarlier: first.paid, rejected: first.rejected, open: 0 })
  }, 120_000)

  it('rebuilds the state of a stopped node from its blocks', async () => {
    const replayed = await tallystickJson(cwd, 'node', 'replay', '--home', join(home, 'nodes', 'node-1'))
    expect(replayed).toMatchObject({ storeAgrees: true })
  }, 120_000)
})
