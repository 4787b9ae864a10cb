import { toHex } from '@tallystick/core/codec'
import type { BuildRequest, Commit } from '@tallystick/core/consensus'
import { taggedHash } from '@tallystick/core/crypto'
import {
  type Block,
  type BlockHash,
  blockHashOf,
  type ExecutedRoots,
  type Finalization,
  type Header,
  type PayloadItem,
} from '@tallystick/core/protocol'
import type { Workload } from './workload.ts'

const itemsPerBlockMax = 8

/** What a node's disk holds of the ledger: final blocks, and the finalizations that came with them by height. */
export interface LedgerDisk {
  readonly blocks: Block[]
  readonly finalizations: Map<number, Finalization>
}

export function emptyLedgerDisk(): LedgerDisk {
  return { blocks: [], finalizations: new Map() }
}

/**
 * A ledger of its own kind behind consensus: the state is a hash over the batches in order. What it executed is derived
 * from its disk, as in the real node.
 */
export class SimulatedApplication {
  readonly #genesis: Header
  readonly #disk: LedgerDisk
  readonly #workload: Workload
  readonly #node: number
  readonly #used = new Set<string>()
  readonly #roots: ExecutedRoots[]

  constructor(genesis: Header, disk: LedgerDisk, workload: Workload, node: number) {
    this.#genesis = genesis
    this.#disk = disk
    this.#workload = workload
    this.#node = node
    for (const block of disk.blocks) this.#use(block)
    this.#roots = [genesisRoots]
  }

  get committedHeight(): number {
    return this.#disk.blocks.length
  }

  get executedHeight(): number {
    return this.#roots.length - 1
  }

  committed(): { header: Header; finalization: Finalization | undefined } {
    const header = this.#disk.blocks.at(-1)?.header ?? this.#genesis
    return { header, finalization: this.#disk.finalizations.get(header.height) }
  }

  commit({ blocks, finalization }: Commit): void {
    for (const block of blocks) {
      if (block.header.height <= this.committedHeight) continue
      this.#disk.blocks.push(block)
      this.#use(block)
    }
    this.#disk.finalizations.set(blocks.at(-1)!.header.height, finalization)
  }

  /** Executes the next durable block; `undefined` if a batch of it is not here or there is none. */
  executeNext(): ExecutedRoots | undefined {
    const block = this.#disk.blocks[this.executedHeight]
    if (block === undefined || !this.#holdsAll(block)) return undefined
    const roots = rootsAfter(this.#roots.at(-1)!, block)
    this.#roots.push(roots)
    return roots
  }

  /** Roots from a height on. */
  rootsFrom(height: number): ExecutedRoots[] {
    return this.#roots.slice(height)
  }

  hasWork(): boolean {
    return this.#available(new Set()).length > 0
  }

  build({ ancestors }: BuildRequest): PayloadItem[] | undefined {
    const taken = new Set(ancestors.flatMap((block) => digestsOf(block)))
    const items = this.#available(taken).slice(0, itemsPerBlockMax)
    return items.length === 0 ? undefined : items
  }

  /** `undefined`: not yet, a batch is missing. */
  check(block: Block): 'valid' | 'invalid' | undefined {
    const digests = digestsOf(block)
    if (digests.some((digest) => this.#used.has(digest) || this.#workload.batches.get(digest)?.isBad === true))
      return 'invalid'
    return this.#holdsAll(block) ? 'valid' : undefined
  }

  finalizedFrom(height: number): { blocks: Block[]; finalization: Finalization } | undefined {
    for (let last = height; last <= this.committedHeight; last++) {
      const finalization = this.#disk.finalizations.get(last)
      if (finalization !== undefined) return { blocks: this.#disk.blocks.slice(height - 1, last), finalization }
    }
    return undefined
  }

  blockByHash(hash: BlockHash): Block | undefined {
    const key = toHex(hash)
    return this.#disk.blocks.find((block) => toHex(blockHashOf(block.header)) === key)
  }

  /** The newest block that changed the state. */
  lastStateHeight(): number {
    return this.#disk.blocks.findLast((block) => block.payload.length > 0)?.header.height ?? 0
  }

  /** Whether every good batch that is here is ordered. */
  hasOrderedAll(): boolean {
    return this.#available(new Set()).length === 0
  }

  #available(taken: Set<string>): PayloadItem[] {
    const items: PayloadItem[] = []
    for (const key of this.#workload.held[this.#node]!) {
      const batch = this.#workload.batches.get(key)!
      if (!batch.isBad && !this.#used.has(key) && !taken.has(key)) items.push({ kind: 'batch', digest: batch.digest })
    }
    return items
  }

  #use(block: Block): void {
    for (const digest of digestsOf(block)) this.#used.add(digest)
  }

  #holdsAll(block: Block): boolean {
    return digestsOf(block).every((digest) => this.#workload.held[this.#node]!.has(digest))
  }
}

export const genesisRoots: ExecutedRoots = {
  height: 0,
  stateRoot: new Uint8Array(32).fill(1),
  historyRoot: new Uint8Array(32).fill(2),
}

export function digestsOf(block: Block): string[] {
  return block.payload.flatMap((item) => (item.kind === 'batch' ? [toHex(item.digest)] : []))
}

function rootsAfter(before: ExecutedRoots, block: Block): ExecutedRoots {
  const { header } = block
  const stateRoot =
    header.payloadCount === 0 ? before.stateRoot : taggedHash('simulator/state', before.stateRoot, header.payloadRoot)
  const historyRoot = taggedHash('simulator/history', before.historyRoot, stateRoot, blockHashOf(header))
  return { height: header.height, stateRoot, historyRoot }
}
