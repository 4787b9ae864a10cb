import { CodecError, decode, encode, equalBytes, Reader, toHex } from '@tallystick/core/codec'
import {
  type BatchDigest,
  type BatchHeader,
  type Block,
  batchDigestOf,
  batchHeader,
  payloadRootOf,
} from '@tallystick/core/protocol'
import type { BatchCheck } from '../verifier/index.ts'
import { BatchFetcher } from './batch-fetcher.ts'
import { type HeldBatch, HeldBatches, heldBatch } from './held-batches.ts'
import { Intake } from './intake.ts'
import {
  announceAfterMs,
  authorBatchesMax,
  authorBytesMax,
  batchBytesTarget,
  batchDelayMs,
  batchDelayWaitingMs,
  batchExpiryAheadMaxMs,
  batchesWaiting,
  batchTransactionsTarget,
  digestsPerMessageMax,
  lateMarginMs,
} from './limits.ts'
import { makeBatch } from './make-batch.ts'
import { type DataMessage, dataMessage } from './messages.ts'
import { OrderedDigests } from './ordered-digests.ts'
import { PeerFlow } from './peer-flow.ts'
import type { MempoolConfig, MempoolPorts } from './ports.ts'
import { batchFitsTime, payloadBudget, selectBatches, spendBudget } from './select-batches.ts'
import type { SubmissionForm, SubmissionResult } from './submission.ts'
import { copyKeys, type PooledTransaction, TransactionPool } from './transaction-pool.ts'

/**
 * Collects transactions into signed batches, spreads them, and says what a leader can propose and whether a proposal's
 * payload is here and valid (spec/consensus.md §6). One turn of the event loop at a time touches it.
 */
export class Mempool {
  readonly #config: MempoolConfig
  readonly #ports: MempoolPorts
  readonly #pool = new TransactionPool()
  readonly #held = new HeldBatches()
  readonly #ordered = new OrderedDigests()
  readonly #fetcher: BatchFetcher
  /** Digests of batches that are bad for ever. */
  readonly #bad = new Set<string>()
  /** Authors of bad batches, refused until an operator acts. */
  readonly #refusedAuthors = new Set<string>()
  /** Batches that are being verified or made durable, with their declared steps. */
  readonly #checking = new Map<string, number>()
  readonly #intake: Intake
  readonly #flow: PeerFlow
  #sequence = 0
  #flushTimer: NodeJS.Timeout | undefined
  #announceTimer: NodeJS.Timeout | undefined
  #stopped = false
  readonly counters = { received: 0, refused: 0, batchesMade: 0, batchesTaken: 0, batchesRefused: 0, expired: 0 }

  constructor(config: MempoolConfig, ports: MempoolPorts) {
    this.#config = config
    this.#ports = ports
    this.#intake = new Intake(config, ports, {
      pool: this.#pool,
      held: this.#held,
      counters: this.counters,
      arrivingSteps: () => [...this.#checking.values()].reduce((sum, steps) => sum + steps, 0),
      mayMakeBatch: () => this.#mayMakeBatch(),
      flushSoon: () => this.#flushSoon(),
    })
    this.#flow = new PeerFlow(ports.network)
    this.#fetcher = new BatchFetcher(ports.network, (digestHex) => this.#checking.has(digestHex))
  }

  /** Takes up what an earlier run left, then announces it. */
  async start(): Promise<void> {
    this.#sequence = this.#ports.nowMs()
    for (const { digest, encoded } of [...this.#ports.log.stored()]) {
      const check = this.#ordered.has(toHex(digest)) ? undefined : await this.#ports.verifier.verifyBatch(encoded)
      const good = check !== undefined && !('problem' in check) ? check : undefined
      if (good !== undefined && this.#isOwn(good.header)) this.#ports.onTakenUp(good.transactions)
      if (good !== undefined && good.header.expiresMs > this.#ports.nowMs()) this.#hold(good, encoded)
      else {
        if (good !== undefined) this.#poolAgain(good, encoded)
        this.#ports.log.release([digest as BatchDigest])
      }
    }
    this.#flush()
    this.#announceTimer = setInterval(() => this.#announce(), announceAfterMs)
    this.#ports.onWork()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#flushTimer)
    clearInterval(this.#announceTimer)
    this.#fetcher.stop()
  }

  get waiting(): { transactions: number; bytes: number; batches: number; missing: number } {
    const { size, bytes } = this.#pool
    return { transactions: size, bytes, batches: this.#held.size, missing: this.#fetcher.missing }
  }

  /** Whether anything unordered could still be ordered: the work of spec/consensus.md §4. */
  hasWork(): boolean {
    const now = this.#ports.nowMs()
    for (const { header, hex } of this.#held.values()) {
      if (header.expiresMs > now && !this.#ordered.has(hex)) return true
    }
    return this.#pool.size > 0
  }

  /** What it calls `received` stands in a durable batch: it becomes final, or its validity ends without it. */
  submit(form: SubmissionForm, encoded: Uint8Array): Promise<SubmissionResult> {
    return this.#intake.submit(form, encoded)
  }

  #flushSoon(): void {
    if (this.#pool.size >= batchTransactionsTarget || this.#pool.bytes >= batchBytesTarget) this.#flush()
    else if (this.#pool.size > 0) {
      const { batches } = this.#held.sumsOf(this.#config.nodeKey)
      const delayMs = batches < batchesWaiting ? batchDelayMs : batchDelayWaitingMs
      this.#flushTimer ??= setTimeout(() => this.#flush(), delayMs)
    }
  }

  #flush(): void {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    while (this.#pool.size > 0 && this.#mayMakeBatch()) {
      const { stepsMax, writtenBytesMax, payloadBytesMax } = this.#config.parameters.block
      const taken = this.#pool.take({
        transactions: batchTransactionsTarget,
        bytes: Math.min(batchBytesTarget, payloadBytesMax),
        steps: stepsMax,
        writtenBytes: writtenBytesMax,
      })
      const author = { ledger: this.#config.ledger, nodeKey: this.#config.nodeKey, sign: this.#config.sign }
      const made = makeBatch(author, 0, this.#sequence++, this.#ports.nowMs(), taken)
      this.counters.batchesMade++
      this.#ports.network.broadcast(encode(dataMessage, { kind: 'batch', encoded: made.encoded }))
      void this.#keep(made, made.encoded, taken)
    }
    if (this.#pool.size > 0 && !this.#stopped) this.#flushTimer = setTimeout(() => this.#flush(), batchDelayWaitingMs)
  }

  #mayMakeBatch(): boolean {
    const { batches, bytes } = this.#held.sumsOf(this.#config.nodeKey)
    return bytes < authorBytesMax / 2 && batches < authorBatchesMax
  }

  #isOwn({ author }: BatchHeader): boolean {
    return equalBytes(author, this.#config.nodeKey)
  }

  /** Makes a batch durable, then tells everyone that it is held here. @param taken - What of it waited in the pool. */
  #keep(checked: GoodBatch, encoded: Uint8Array, taken: readonly PooledTransaction[] = []): Promise<void> {
    const hex = toHex(checked.digest)
    this.#checking.set(hex, checked.header.steps)
    return this.#ports.log.append(checked.digest, encoded).then(
      () => {
        this.#checking.delete(hex)
        for (const transaction of taken) settle(transaction)
        if (this.#stopped) return
        if (!this.#ordered.has(hex)) this.#hold(checked, encoded)
        this.#ports.network.broadcast(encode(dataMessage, { kind: 'have', digests: [checked.digest] }))
        this.#fetcher.arrived(hex)
        this.#ports.onWork()
      },
      (error: Error) => this.#ports.onFailure(error),
    )
  }

  #hold(checked: GoodBatch, encoded: Uint8Array): void {
    const holders = new Set(this.#config.self === undefined ? [] : [this.#config.self])
    const held = heldBatch(checked, encoded, holders, this.#ports.nowMs())
    this.#held.add(held)
    if (this.#pool.size === 0) return
    for (const key of held.keys) {
      const pooled = this.#pool.remove(key)
      if (pooled !== undefined) settle(pooled)
    }
  }

  /** A batch of this node ended unordered: what is still valid in it was answered `received`, so it goes into a new one. */
  #poolAgain({ header, transactions }: GoodBatch, encoded: Uint8Array): void {
    if (!this.#isOwn(header)) return
    const afterMs = this.#ports.nowMs() + lateMarginMs
    for (const [index, key] of copyKeys(transactions, 0, transactions.count).entries()) {
      if (transactions.validUntilMs[index]! <= afterMs) continue
      this.#intake.enter({ key, checked: transactions, index, bytes: encoded, arrivals: [] })
    }
  }

  /** @param from - Index of the validator on whose pinned connection the message came. */
  receive(from: number, bytes: Uint8Array): void {
    let message: DataMessage
    try {
      message = decode(dataMessage, bytes)
    } catch {
      this.#ports.network.disconnect(from, 'DATA_MESSAGE_MALFORMED')
      return
    }
    if (message.kind === 'batch') this.#receiveBatch(from, message.encoded)
    else if (message.kind === 'have') for (const digest of message.digests) this.#noteHave(digest, from)
    else if (message.kind === 'want') this.#answerWant(from, message.digests, message.height)
    else this.#answerAnnounce(from, message.digests)
  }

  #noteHave(digest: BatchDigest, from: number): void {
    if (this.#ordered.has(toHex(digest))) return
    this.#held.noteHolder(digest, from)
    this.#ports.onWork()
  }

  #receiveBatch(from: number, encoded: Uint8Array): void {
    this.#noteUnordered(from)
    const header = announcedHeader(encoded)
    if (header === undefined) {
      this.#ports.network.disconnect(from, 'BATCH_MALFORMED')
      return
    }
    // The same batch comes from several peers: while one copy is looked at, the others are not worth a verification.
    const digest = batchDigestOf(header)
    const hex = toHex(digest)
    if (this.#refusedAuthors.has(toHex(header.author)) && !this.#fetcher.wants(hex)) return
    const isSettled = this.#ordered.has(hex) && !this.#fetcher.wants(hex)
    if (this.#held.get(hex) !== undefined || this.#checking.has(hex) || isSettled) {
      this.#held.noteHolder(digest, from)
      return
    }
    // Only a check shows whether the header tells the truth.
    this.#checking.set(hex, Math.min(header.steps, this.#config.parameters.block.stepsMax))
    this.#flow.arrived(from, encoded.length)
    this.#ports.verifier
      .verifyBatch(encoded)
      .then((check) => {
        this.#checking.delete(hex)
        return this.#takeBatch(from, check, encoded)
      })
      .then(
        () => this.#flow.settled(from, encoded.length),
        (error: Error) => this.#ports.onFailure(error),
      )
  }

  #noteUnordered(validator: number): void {
    const author = this.#config.validators[validator]?.nodeKey
    if (author !== undefined) this.#flow.unordered(validator, this.#held.sumsOf(author).bytes)
  }

  /** Resolves when it is durable, at once where it is not taken. */
  async #takeBatch(from: number, check: BatchCheck, encoded: Uint8Array): Promise<void> {
    if (this.#stopped) return
    if ('problem' in check) {
      this.counters.batchesRefused++
      if (check.authentic === undefined) this.#ports.network.disconnect(from, check.problem)
      else this.#rememberBad(check.authentic, announcedHeader(encoded)!.author)
      return
    }
    const hex = toHex(check.digest)
    const known = this.#config.validators.some(({ nodeKey }) => toHex(nodeKey) === toHex(check.header.author))
    const wanted = this.#fetcher.wants(hex)
    if (!known || (this.#refusedAuthors.has(toHex(check.header.author)) && !wanted)) return
    this.#held.noteHolder(check.digest, from)
    if (this.#held.get(hex) !== undefined || this.#checking.has(hex)) return
    if (!wanted && (this.#ordered.has(hex) || check.header.expiresMs <= this.#ports.nowMs())) return
    this.counters.batchesTaken++
    await this.#keep(check, encoded)
  }

  /** Proposals that wait for this batch are invalid now. */
  #rememberBad(digest: BatchDigest, author: Uint8Array): void {
    this.#bad.add(toHex(digest))
    this.#refusedAuthors.add(toHex(author))
    this.#fetcher.arrived(toHex(digest))
  }

  #answerWant(from: number, digests: readonly BatchDigest[], height: number | undefined): void {
    const wanted = new Set(digests.map(toHex))
    const send = (encoded: Uint8Array): void =>
      this.#ports.network.send(from, encode(dataMessage, { kind: 'batch', encoded }))
    for (const hex of wanted) {
      const held = this.#held.get(hex)
      if (held !== undefined) {
        send(held.encoded)
        wanted.delete(hex)
      }
    }
    // The blocks' own batches are in the order of their digests there, so all of the height are sent.
    if (wanted.size > 0 && height !== undefined)
      for (const encoded of this.#ports.final.encodedBatches(height)) send(encoded)
  }

  #answerAnnounce(from: number, digests: readonly BatchDigest[]): void {
    const have: BatchDigest[] = []
    const want: BatchDigest[] = []
    for (const digest of digests) {
      const hex = toHex(digest)
      this.#held.noteHolder(digest, from)
      if (this.#held.get(hex) !== undefined || this.#ordered.has(hex)) have.push(digest)
      else if (!this.#checking.has(hex)) want.push(digest)
    }
    const send = (message: DataMessage): void => this.#ports.network.send(from, encode(dataMessage, message))
    if (have.length > 0) send({ kind: 'have', digests: have })
    if (want.length > 0) send({ kind: 'want', digests: want, height: undefined })
  }

  /** Whoever holds work unordered for a while announces it to all; they fetch it and so have work too. */
  #announce(): void {
    const now = this.#ports.nowMs()
    const old = [...this.#held.values()]
      .filter(({ sinceMs }) => now - sinceMs >= announceAfterMs)
      .slice(0, digestsPerMessageMax)
    if (old.length > 0) {
      const digests = old.map(({ digest }) => digest)
      this.#ports.network.broadcast(encode(dataMessage, { kind: 'announce', digests }))
    }
    for (const validator of this.#config.validators.keys()) this.#noteUnordered(validator)
  }

  /** What this node, as leader, would list in a block of this time on this path. */
  select(blockTimeMs: number, path: readonly Block[]): BatchDigest[] {
    const onPath = digestsOn(path)
    const used = (hex: string): boolean => onPath.has(hex) || this.#ordered.has(hex)
    return selectBatches(this.#held, this.#config.validators, this.#config.parameters.block, blockTimeMs, used)
  }

  /**
   * Whether a block's payload is valid; pending while batches are missing.
   * @param path - The blocks between the last final one and this one.
   */
  async check({ header, payload }: Block, path: readonly Block[]): Promise<'valid' | 'invalid'> {
    if (payload.length !== header.payloadCount || toHex(payloadRootOf(payload)) !== toHex(header.payloadRoot))
      return 'invalid'
    const budget = payloadBudget(this.#config.parameters.block)
    const used = digestsOn(path)
    for (const item of payload) {
      if (item.kind === 'inline') return 'invalid'
      const hex = toHex(item.digest)
      if (used.has(hex) || this.#ordered.has(hex) || this.#bad.has(hex)) return 'invalid'
      used.add(hex)
    }
    await this.ensureHeld({ header, payload })
    for (const item of payload) {
      if (item.kind !== 'batch') continue
      const held = this.#held.get(toHex(item.digest))
      // Another block became final meanwhile and took it: this one can't be notarized any more.
      if (held === undefined) return 'invalid'
      if (!batchFitsTime(held.header.expiresMs, header.timeMs) || !spendBudget(budget, held.header)) return 'invalid'
    }
    return 'valid'
  }

  /** Resolves when every batch of the block is here. @param height - Set where the block is final. */
  async ensureHeld({ payload }: Pick<Block, 'payload' | 'header'>, height?: number): Promise<void> {
    const missing = payload.flatMap((item) =>
      item.kind === 'batch' && !this.#held.get(toHex(item.digest)) ? [item.digest] : [],
    )
    await Promise.all(missing.map((digest) => this.#fetcher.want(digest, height)))
  }

  /** The encoded batches of a block whose batches are all here, in its order. */
  batchesOf({ payload }: Block): HeldBatch[] {
    return payload.flatMap((item) => (item.kind === 'batch' ? [this.#held.get(toHex(item.digest))!] : []))
  }

  /** A block with these batches is durable and final. */
  markOrdered(blockTimeMs: number, batches: readonly HeldBatch[]): void {
    let steps = 0
    for (const { digest, hex, header } of batches) {
      this.#ordered.add(digest, header.expiresMs)
      this.#held.remove(hex)
      steps += header.steps
    }
    this.#intake.ordered(steps)
    this.#ordered.dropExpired(blockTimeMs)
    const expired = [...this.#held.values()].filter(({ header }) => header.expiresMs <= blockTimeMs)
    for (const batch of expired) {
      this.#held.remove(batch.hex)
      this.#poolAgain(batch, batch.encoded)
    }
    this.counters.expired += expired.length
    this.#ports.log.release([...batches, ...expired].map(({ digest }) => digest))
    if (this.#pool.size > 0) this.#flush()
  }

  /** At start: a final block of an earlier run listed this batch, which no later block may then. */
  noteOrdered(digest: BatchDigest, blockTimeMs: number): void {
    this.#ordered.add(digest, blockTimeMs + batchExpiryAheadMaxMs)
    this.#held.remove(toHex(digest))
  }
}

/** What the check of a good batch tells. */
type GoodBatch = Exclude<BatchCheck, { problem: unknown }>

/** It is durable: the submissions that brought it can be answered. */
function settle({ arrivals }: PooledTransaction): void {
  for (const arrival of arrivals) arrival.settled()
}

/** The header that a batch claims; that its author signed it, and that the rest is its, only the check of the whole shows. */
function announcedHeader(encoded: Uint8Array): BatchHeader | undefined {
  try {
    return batchHeader.read(new Reader(encoded))
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

function digestsOn(path: readonly Block[]): Set<string> {
  return new Set(
    path.flatMap(({ payload }) => payload.flatMap((item) => (item.kind === 'batch' ? [toHex(item.digest)] : []))),
  )
}
