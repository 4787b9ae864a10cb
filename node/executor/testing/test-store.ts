import { join } from 'node:path'
import { encode } from '@tallystick/core/codec'
import { ContractEngine } from '@tallystick/core/contract-vm'
import { type ContractRunner, type ExecutedReceipt, Ledger, runnableKept } from '@tallystick/core/ledger'
import {
  batch,
  batchDigestOf,
  block,
  blockHashOf,
  type Header,
  payloadRootOf,
  type Transaction,
  transaction,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { BlockStore } from '../../storage/index.ts'
import {
  accountOf,
  createEuro,
  genesis,
  issue,
  ledger,
  openAccount,
  signed,
  transfer,
} from '../../testing/test-chain.ts'
import { openContractMachine } from '../contract-machine.ts'
import { type ExecutionReport, Executor } from '../executor.ts'
import { type Queries, queriesOf } from '../queries.ts'
import { ReceiptProver } from '../receipt-parts.ts'

/** A transfer to another account, by name. */
export interface Payment {
  readonly to: string
  readonly amount: bigint
}

/** One account's payments in the plain form, each a group of its own. */
export function plainPayments(from: string, payments: readonly Payment[], nowMs: number): Transaction {
  const actions = payments.map(({ to, amount }) => transfer(from, to, amount))
  const { body, witness } = signed(actions, { nowMs, together: false })
  // The ledger takes signatures for verified, and asks only whose they are.
  return { body: { ...body, authorizers: [{ kind: 'account', account: accountOf(from) }] }, witness }
}

/** Opens accounts and gives each of them the same amount. */
export function setUp(names: readonly string[], amount: bigint, nowMs: number): Transaction[] {
  const open = names.map((name) => openAccount(name, 'customer'))
  const issued = names.map((name) => issue(name, amount))
  return [
    signed([openAccount('issuance', 'issuance'), createEuro], { nowMs }),
    signed(open, { nowMs, together: false }),
    signed(issued, { nowMs, together: false }),
  ]
}

export function newRunner(): ContractRunner {
  return new ContractEngine(openContractMachine(), runnableKept)
}

/** Block files and an executor's store, and beside them a ledger in memory that says what has to come out. */
export class TestStore {
  readonly blocks: BlockStore
  executor: Executor
  queries: Queries
  /** The receipts of all blocks, as the ledger in memory made them. */
  readonly expected: ExecutedReceipt[] = []
  readonly #directory: string
  readonly #cleanedBytesMin: number | undefined
  readonly #twin: Ledger
  #tip: Header

  private constructor(directory: string, blocks: BlockStore, executor: Executor, cleanedBytesMin: number | undefined) {
    this.#directory = directory
    this.#cleanedBytesMin = cleanedBytesMin
    this.blocks = blocks
    this.executor = executor
    this.queries = queriesOf(executor, new ReceiptProver(executor))
    const { ledger: twin, header } = Ledger.fromGenesis(genesis, newRunner())
    this.#twin = twin
    this.#tip = header
  }

  static async open(directory: string, cleanedBytesMin?: number): Promise<TestStore> {
    const blocks = await BlockStore.open({ directory: join(directory, 'blocks'), ledger })
    const executor = await openStateIn(directory, 'state', cleanedBytesMin)
    return new TestStore(directory, blocks, executor, cleanedBytesMin)
  }

  get nowMs(): number {
    return this.#tip.timeMs
  }

  get tip(): Header {
    return this.#tip
  }

  /** Stores and executes a block of one batch. */
  async run(transactions: readonly Transaction[]): Promise<ExecutionReport> {
    const header = {
      version: 1 as const,
      ledger,
      epoch: 0,
      author: new Uint8Array(32),
      sequence: this.#tip.height,
      expiresMs: this.#tip.timeMs + 600_000,
      count: transactions.length,
      bytes: transactions.reduce((sum, value) => sum + encode(transaction, value).length, 0),
      steps: 0,
      writtenBytes: 0,
      root: new Uint8Array(32),
    }
    const encodedBatch = encode(batch, { header, signature: new Uint8Array(64), transactions: [...transactions] })
    const payload = [{ kind: 'batch', digest: batchDigestOf(header) } as const]
    const { height } = this.#tip
    await this.executor.settled()
    this.#tip = {
      ...this.#tip,
      height: height + 1,
      parent: blockHashOf(this.#tip),
      timeMs: this.#tip.timeMs + 1_000,
      payloadRoot: payloadRootOf(payload),
      payloadCount: 1,
      executed: this.executor.rootsAt(height)!,
    }
    const stored = { block: encode(block, { header: this.#tip, payload }), batches: [encodedBatch] }
    const location = this.blocks.append({ height: height + 1, ...stored, finality: undefined })
    await this.blocks.sync()
    const items = transactions.map((value) => ({ id: transactionIdOf(value.body), transaction: value }))
    // Known ids for every other block: they must make no difference, also when the block is executed again without.
    const ids = height % 2 === 0 ? Uint8Array.from(items.flatMap(({ id }) => [...id])) : undefined
    const report = await this.executor.execute({ ...stored, location, ids })
    const { receipts } = this.#twin.applyBlock(this.#tip, items)
    for (const receipt of receipts) if (receipt.kind === 'whole') this.expected.push(receipt)
    await this.executor.settled()
    return report
  }

  async reopen(): Promise<void> {
    await this.executor.close()
    this.executor = await openStateIn(this.#directory, 'state', this.#cleanedBytesMin)
    this.queries = queriesOf(this.executor, new ReceiptProver(this.executor))
  }

  /** Opens a copy of the state folder, and executes the blocks that it has not executed. */
  async openCopy(name: string): Promise<{ executor: Executor; queries: Queries; openedHeight: number }> {
    const executor = await openStateIn(this.#directory, name, this.#cleanedBytesMin)
    const openedHeight = executor.height
    for (let height = openedHeight + 1; height <= this.blocks.height; height++) {
      await executor.execute(this.blocks.read(height)!)
    }
    await executor.settled()
    return { executor, queries: queriesOf(executor, new ReceiptProver(executor)), openedHeight }
  }

  async close(): Promise<void> {
    await this.executor.close()
    await this.blocks.close()
  }
}

function openStateIn(directory: string, name: string, cleanedBytesMin: number | undefined): Promise<Executor> {
  const place = { directory: join(directory, name), blocksDirectory: join(directory, 'blocks'), cacheBytes: 1_048_576 }
  const settings = { ...place, ...(cleanedBytesMin !== undefined && { cleanedBytesMin }) }
  return Executor.open(genesis, settings, newRunner())
}
