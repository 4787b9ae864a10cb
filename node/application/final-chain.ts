import { CodecError, decode, encode, equalBytes, toHex } from '@tallystick/core/codec'
import type { Commit, Evidence } from '@tallystick/core/consensus'
import {
  type Block,
  type BlockHash,
  block,
  blockHashOf,
  type ExecutedRoots,
  type Finalization,
  finalityProof,
  type Genesis,
  type Header,
  payloadRootOf,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { ExecutionReport, ExecutorHandle } from '../executor/index.ts'
import type { HeldBatch, Mempool } from '../mempool/index.ts'
import type { ApplicationHandlers, ApplicationPort } from '../simplex/index.ts'
import type { CheckedTransactions } from '../verifier/index.ts'
import { FetchAhead } from './fetch-ahead.ts'
import { HeightWatch } from './height-watch.ts'
import type { BlockFilesPort, LocatedRecord } from './ports.ts'
import { TransactionStatuses } from './transaction-statuses.ts'

/** Blocks sent to a peer that is behind, in one answer. */
const finalizedBlocksMax = 64
const finalizedBytesTarget = 262_144
/** Of a commit with many blocks, as many as this are stored and executed before the next are waited for. */
const storedBlocksMax = 64
const storedBytesTarget = 4 * 1_048_576
/** How often a block whose time has not come is looked at again. */
const clockLookMs = 10_000
/** Older blocks are asked for by height. */
const hashesRememberedMax = 4_096
/** How far back final blocks are read at start for the digests that must not be listed again. */
const digestMemoryMs = 20 * 60_000

export interface FinalChainOptions {
  readonly genesis: Genesis
  readonly genesisHeader: Header
  readonly blocks: BlockFilesPort
  readonly executor: ExecutorHandle
  readonly mempool: Mempool
  nowMs(): number
  /**
   * How long a leader waits for a batch to be held by a quorum before it says that there is nothing to order: the engine's Δ,
   * within which the others wait for its proposal. A view without one would time out and slow the next ones down.
   */
  orderableWaitMs(): number
  /** A due hold or schedule needs a block. */
  onExecuted(report: ExecutionReport): void
  onEvidence(evidence: Evidence): void
  /** How long it took until final blocks were durable, batches that had to be fetched included. */
  onCommitted(durationMs: number): void
  onFailure(error: Error): void
}

/** A final block whose batches are all here. */
interface WholeBlock {
  readonly record: LocatedRecord
  readonly value: Block
  readonly held: readonly HeldBatch[]
}

interface Tip {
  readonly header: Header
  readonly finalization: Finalization | undefined
}

/**
 * The ledger's side of consensus: chooses and checks payloads, stores final blocks durably, and feeds the executor, in
 * order and only with what is final.
 */
export class FinalChain implements ApplicationPort {
  readonly #options: FinalChainOptions
  readonly statuses = new TransactionStatuses()
  readonly heights: HeightWatch
  /** Hashes of recent final blocks, for peers that ask by hash. */
  readonly #heightByHash = new Map<string, number>()
  readonly #handlers: ApplicationHandlers[] = []
  readonly #roots = new Map<number, ExecutedRoots>()
  #orderable: (() => void)[] = []
  #tip: Tip
  #certified: Tip
  #executing: Promise<void> = Promise.resolve()
  readonly #ahead: FetchAhead
  #lastFinalAtMs: number

  private constructor(options: FinalChainOptions, tip: Tip, executed: number) {
    this.#options = options
    this.#tip = tip
    this.#certified = tip
    this.#lastFinalAtMs = options.nowMs()
    this.#ahead = new FetchAhead(options.mempool)
    this.heights = new HeightWatch({ final: tip.header.height, executed, proven: tip.header.executed.height })
  }

  /** Reads where the stored chain ends, and executes what the executor has not. */
  static async open(options: FinalChainOptions): Promise<FinalChain> {
    const { blocks, executor } = options
    const tip = newestCertified(options)
    const chain = new FinalChain(options, tip, executor.openedHeight)
    for (let height = executor.openedHeight + 1; height <= blocks.height; height++) {
      chain.#took(await executor.execute(blocks.read(height)!), height)
    }
    for (let height = tip.header.executed.height; height <= blocks.height; height++) {
      const roots = await executor.query('rootsAt', height)
      if (roots !== undefined) chain.#roots.set(height, roots)
    }
    chain.#rememberDigests()
    return chain
  }

  /** What this node received in an earlier run and still waits to see ordered. */
  takenUp({ ids, validUntilMs }: CheckedTransactions): void {
    for (const [i, endMs] of validUntilMs.entries()) {
      this.statuses.received(ids.subarray(32 * i, 32 * i + 32) as TransactionId, endMs)
    }
  }

  /** Waits until what was committed has been executed. */
  settled(): Promise<void> {
    return this.#executing
  }

  /** The newest header that has a certificate of its own. */
  get certified(): Tip {
    return this.#certified
  }

  /** Whether a block has to come so that a transaction that ran out can be proven not to have happened. */
  expiryUnproven(nowMs: number): boolean {
    return this.statuses.hasUnprovenExpiry(nowMs, this.#certified.header.timeMs)
  }

  committed(): Tip {
    return this.#tip
  }

  recentExecuted(): ExecutedRoots[] {
    return [...this.#roots.values()].sort((a, b) => a.height - b.height)
  }

  subscribe(handlers: ApplicationHandlers): void {
    this.#handlers.push(handlers)
  }

  hasWork(): boolean {
    return this.#options.mempool.hasWork() || this.#heartbeatDue()
  }

  /** Also at the very start: the first block's header certifies the state of the genesis, so that it can be proven. */
  #heartbeatDue(): boolean {
    if (this.#tip.header.height === 0) return true
    return this.#options.nowMs() - this.#lastFinalAtMs >= this.#options.genesis.parameters.consensus.heartbeatMs
  }

  /** Something became orderable, or the heartbeat may be due: the engine is told, and a waiting leader goes on. */
  workChanged(): void {
    const waiting = this.#orderable
    this.#orderable = []
    for (const resolve of waiting) resolve()
    const present = this.hasWork()
    for (const { workChanged } of this.#handlers) workChanged(present)
  }

  async buildPayload({ parent, ancestors }: Parameters<ApplicationPort['buildPayload']>[0]) {
    const deadline = this.#options.nowMs() + this.#options.orderableWaitMs()
    for (;;) {
      const timeMs = Math.max(this.#options.nowMs(), parent.timeMs)
      const digests = this.#options.mempool.select(timeMs, ancestors)
      if (digests.length > 0) return { payload: digests.map((digest) => ({ kind: 'batch', digest }) as const), timeMs }
      const left = deadline - this.#options.nowMs()
      if (left <= 0 || !this.#options.mempool.hasWork())
        return { payload: this.#heartbeatDue() ? [] : undefined, timeMs }
      await this.#orderableWithin(left)
    }
  }

  #orderableWithin(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#orderable.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  async checkPayload(candidate: Block, ancestors: readonly Block[]): Promise<'valid' | 'invalid'> {
    const verdict = await this.#options.mempool.check(candidate, ancestors)
    return verdict === 'valid' && (await this.#timeComes(candidate.header)) ? 'valid' : 'invalid'
  }

  /**
   * Resolves when a block's time is not ahead of the own clock any more; with `false` if its height is final before, so that no
   * leader can make waits that last. Looked at again and again: a timer of more than 24 days would fire at once.
   */
  async #timeComes({ height, timeMs }: Header): Promise<boolean> {
    const drift = this.#options.genesis.parameters.consensus.clockDriftMaxMs
    for (;;) {
      const aheadMs = timeMs - drift - this.#options.nowMs()
      if (aheadMs <= 0) return true
      if (this.#tip.header.height >= height) return false
      await new Promise((resolve) => setTimeout(resolve, Math.min(aheadMs, clockLookMs)).unref())
    }
  }

  async commit({ blocks, finalization }: Commit, following: readonly Block[]): Promise<void> {
    const { mempool, blocks: files } = this.#options
    const startedMs = performance.now()
    const coming = [...blocks, ...following]
    const proof = encode(finalityProof, {
      kind: 'simplex',
      proposal: finalization.proposal,
      quorum: finalization.quorum,
    })
    let whole: WholeBlock[] = []
    let bytes = 0
    for (const [i, value] of blocks.entries()) {
      const { height } = value.header
      if (height <= files.height) continue
      this.#ahead.behind(coming, i)
      await mempool.ensureHeld(value, height)
      const held = mempool.batchesOf(value)
      const finality = i === blocks.length - 1 ? proof : undefined
      const record = { height, block: encode(block, value), batches: held.map(({ encoded }) => encoded), finality }
      const batchBytes = record.batches.reduce((sum, { length }) => sum + length, 0)
      this.#ahead.came(batchBytes)
      bytes += batchBytes
      whole.push({ record: { ...record, location: files.append(record) }, value, held })
      if (whole.length < storedBlocksMax && bytes < storedBytesTarget) continue
      await this.#store(whole)
      whole = []
      bytes = 0
    }
    await this.#store(whole)
    this.#options.onCommitted(performance.now() - startedMs)
    const last = blocks.at(-1)!.header
    this.#tip = { header: last, finalization }
    this.#certified = this.#tip
    this.#lastFinalAtMs = this.#options.nowMs()
    this.heights.move({ final: last.height, proven: Math.min(last.executed.height, this.heights.current.executed) })
    this.workChanged()
  }

  /** Final blocks that were appended are synced; then they are executed. */
  async #store(whole: readonly WholeBlock[]): Promise<void> {
    await this.#options.blocks.sync()
    for (const { record, value, held } of whole) {
      this.#finalized(record, value, held)
      this.heights.move({ final: record.height })
    }
  }

  #finalized(record: LocatedRecord, { header }: Block, held: readonly HeldBatch[]): void {
    this.#options.mempool.markOrdered(header.timeMs, held)
    this.#rememberHash(header)
    const ids = joined(held.map(({ transactions }) => transactions.ids))
    this.statuses.final(record.height, ids)
    this.#executing = this.#executing
      .then(() => this.#options.executor.execute({ ...record, ids }))
      .then((report) => this.#took(report, record.height))
      .catch((error: Error) => this.#options.onFailure(error))
  }

  #took(report: ExecutionReport, height: number): void {
    const { ids, results, skipped } = report
    const passedOver = skipped.map(({ id }) => id)
    this.statuses.executed(height, ids, results, passedOver)
    this.#roots.set(height, report.roots)
    const keepFrom = height - 4 * this.#options.genesis.parameters.consensus.executionLagMax
    for (const old of this.#roots.keys())
      if (old < Math.min(keepFrom, this.#tip.header.executed.height)) this.#roots.delete(old)
    const proven = Math.min(this.#certified.header.executed.height, height)
    this.heights.move({ executed: height, proven: Math.max(proven, this.heights.current.proven) })
    for (const { executed } of this.#handlers) executed(report.roots)
    this.#options.onExecuted(report)
  }

  async finalizedFrom(height: number): Promise<{ blocks: readonly Block[]; finalization: Finalization } | undefined> {
    const blocks: Block[] = []
    let bytes = 0
    let answer: { blocks: readonly Block[]; finalization: Finalization } | undefined
    for (let at = Math.max(height, 1); at <= this.#options.blocks.height; at++) {
      const record = this.#options.blocks.read(at)!
      blocks.push(decode(block, record.block))
      bytes += record.block.length
      // An answer ends with a block that has a certificate of its own.
      if (record.finality !== undefined)
        answer = { blocks: blocks.slice(), finalization: finalizationOf(record.finality) }
      if (answer !== undefined && (blocks.length >= finalizedBlocksMax || bytes >= finalizedBytesTarget)) break
    }
    return answer
  }

  async blockByHash(hash: BlockHash): Promise<Block | undefined> {
    const height = this.#heightByHash.get(toHex(hash))
    const record = height === undefined ? undefined : this.#options.blocks.read(height)
    return record === undefined ? undefined : decode(block, record.block)
  }

  evidence(evidence: Evidence): void {
    this.#options.onEvidence(evidence)
  }

  #rememberHash(header: Header): void {
    this.#heightByHash.set(toHex(blockHashOf(header)), header.height)
    if (this.#heightByHash.size > hashesRememberedMax)
      this.#heightByHash.delete(this.#heightByHash.keys().next().value!)
  }

  /** A digest is used once along a path, also over a restart. */
  #rememberDigests(): void {
    const { blocks, mempool } = this.#options
    let child: Header | undefined
    for (let height = blocks.height; height > 0; height--) {
      const { header, payload } = storedBlock(blocks, height, child)
      if (header.timeMs < this.#tip.header.timeMs - digestMemoryMs) break
      this.#rememberHash(header)
      for (const item of payload) if (item.kind === 'batch') mempool.noteOrdered(item.digest, header.timeMs)
      child = header
    }
  }
}

function finalizationOf(encoded: Uint8Array): Finalization {
  return { ...decode(finalityProof, encoded), kind: 'finalization' }
}

/** The newest stored block that has a certificate of its own; the genesis header needs none. */
function newestCertified({ blocks, genesisHeader }: FinalChainOptions): Tip {
  for (let height = blocks.height; height > 0; height--) {
    const record = blocks.read(height)!
    if (record.finality === undefined) continue
    return { header: decode(block, record.block).header, finalization: finalizationOf(record.finality) }
  }
  return { header: genesisHeader, finalization: undefined }
}

/**
 * A stored block without its batches, which are most of what is stored. Its child says what its hash is.
 * @throws {StorageError} `STORAGE_DAMAGED`.
 */
function storedBlock(blocks: BlockFilesPort, height: number, child: Header | undefined): Block {
  if (child !== undefined) {
    try {
      const value = decode(block, blocks.readBlock(height)!)
      const { header, payload } = value
      if (equalBytes(blockHashOf(header), child.parent) && equalBytes(payloadRootOf(payload), header.payloadRoot))
        return value
    } catch (error) {
      if (!(error instanceof CodecError)) throw error
    }
  }
  return decode(block, blocks.read(height)!.block)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
