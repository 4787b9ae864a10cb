import { toHex } from '@tallystick/core/codec'
import type { Commit } from '@tallystick/core/consensus'
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
import type { Random } from './random.ts'
import type { Workload } from './workload.ts'

const itemsPerBlockMax = 8

/**
 * What a node's disk holds of the ledger: final blocks, and by height the finalizations that came with them. A crash within a
 * commit may leave its first blocks without the finalization.
 */
export interface LedgerDisk {
  readonly blocks: Block[]
  readonly finalizations: Map<number, Finalization>
}

interface Tip {
  readonly header: Header
  readonly finalization: Finalization | undefined
}

export function emptyLedgerDisk(): LedgerDisk {
  return { blocks: [], finalizations: new Map() }
}

/**
 * A ledger of its own kind behind consensus: the state is a hash over the batches in order. What it executed is derived
 * from its disk, as in the real node.
 */
export class SimulatedApplication {
  readonly #disk: LedgerDisk
  readonly #workload: Workload
  readonly #node: number
  readonly #used = new Set<string>()
  readonly #roots: ExecutedRoots[]
  #tip: Tip

  constructor(genesis: Header, disk: LedgerDisk, workload: Workload, node: number) {
    this.#disk = disk
    this.#workload = workload
    this.#node = node
    for (const block of disk.blocks) this.#use(block)
    this.#roots = [genesisRoots]
    const certified = disk.blocks.findLast(({ header }) => disk.finalizations.has(header.height))
    const header = certified?.header ?? genesis
    this.#tip = { header, finalization: disk.finalizations.get(header.height) }
  }

  /** Of the newest block on the disk. */
  get storedHeight(): number {
    return this.#disk.blocks.length
  }

  get executedHeight(): number {
    return this.#roots.length - 1
  }

  committed(): Tip {
    return this.#tip
  }

  commit(commit: Commit): void {
    this.#store(commit, commit.blocks.length)
    const { header } = commit.blocks.at(-1)!
    if (header.height > this.#tip.header.height) this.#tip = { header, finalization: commit.finalization }
  }

  /** A crash while a commit was stored: a random number of its blocks reached the disk. */
  crash(storing: Commit | undefined, random: Random): void {
    if (storing !== undefined) this.#store(storing, random.below(storing.blocks.length + 1))
  }

  /** The finalization is in the record of the last block. */
  #store({ blocks, finalization }: Commit, count: number): void {
    for (const [i, block] of blocks.slice(0, count).entries()) {
      if (block.header.height <= this.storedHeight) continue
      this.#disk.blocks.push(block)
      if (i === blocks.length - 1) this.#disk.finalizations.set(block.header.height, finalization)
      this.#use(block)
    }
  }

  /** Executes the next durable block; `undefined` if there is none. */
  executeNext(): ExecutedRoots | undefined {
    const block = this.#disk.blocks[this.executedHeight]
    if (block === undefined) return undefined
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

  /** @param path - Blocks that are not on the disk: those whose commit is under way, and those up to the parent. */
  build(path: readonly Block[]): PayloadItem[] | undefined {
    const taken = new Set(path.flatMap(digestsOf))
    const items = this.#available(taken).slice(0, itemsPerBlockMax)
    return items.length === 0 ? undefined : items
  }

  /** @param path - As for `build`. @returns `undefined`: not yet, a batch is missing. */
  check(block: Block, path: readonly Block[]): 'valid' | 'invalid' | undefined {
    const taken = new Set(path.flatMap(digestsOf))
    for (const digest of digestsOf(block)) {
      if (taken.has(digest) || this.#used.has(digest)) return 'invalid'
      if (this.#workload.batches.get(digest)?.isBad === true) return 'invalid'
      taken.add(digest)
    }
    return this.holdsAll([block]) ? 'valid' : undefined
  }

  /** Whether every batch that the blocks list is here. */
  holdsAll(blocks: readonly Block[]): boolean {
    const held = this.#workload.held[this.#node]!
    return blocks.every((block) => digestsOf(block).every((digest) => held.has(digest)))
  }

  finalizedFrom(height: number): { blocks: Block[]; finalization: Finalization } | undefined {
    for (let last = height; last <= this.storedHeight; last++) {
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
