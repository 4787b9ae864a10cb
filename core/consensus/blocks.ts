import { type Block, blockHashOf } from '../protocol/index.ts'
import { type Engine, keyOf } from './engine.ts'
import type { BlockEntry, HashKey } from './state.ts'

/** The blocks of a path from the final tip's child up, or what stops the walk down to the final tip. */
export type Path =
  | { readonly kind: 'complete'; readonly blocks: readonly BlockEntry[] }
  | { readonly kind: 'missing'; readonly block: HashKey }
  /** The path passes the final tip's height beside it: it can never become final. */
  | { readonly kind: 'abandoned' }

export function addBlock(engine: Engine, block: Block): BlockEntry {
  const hash = blockHashOf(block.header)
  const key = keyOf(hash)
  const known = engine.state.blocks.get(key)
  if (known !== undefined) return known
  const parent = keyOf(block.header.parent)
  const made: BlockEntry = {
    block,
    hash,
    key,
    parent,
    verdict: 'unasked',
    form: undefined,
    journaled: false,
    gap: undefined,
  }
  engine.state.blocks.set(key, made)
  engine.state.commitDue = true
  engine.out.changed = true
  return made
}

/** Writes a block to the journal once, before whatever names it. */
export function journalBlock(engine: Engine, entry: BlockEntry): void {
  if (entry.journaled) return
  entry.journaled = true
  engine.out.journal.push({ kind: 'block', block: entry.block })
}

/**
 * The path from the final tip (exclusive) to a block (inclusive). While one block is missing and many stand above it, only the first
 * walk goes all the way down.
 */
export function pathTo(engine: Engine, block: HashKey): Path {
  const { final, blocks } = engine.state
  const path: BlockEntry[] = []
  let at = block
  while (at !== final.key) {
    const entry = blocks.get(at)
    if (entry === undefined) return endedAt(at, path, final.key)
    const { gap } = entry
    if (gap?.above === final.key && !blocks.has(gap.missing)) return endedAt(gap.missing, path, final.key)
    if (entry.block.header.height <= final.header.height) return { kind: 'abandoned' }
    path.push(entry)
    at = entry.parent
  }
  return { kind: 'complete', blocks: path.reverse() }
}

function endedAt(missing: HashKey, path: readonly BlockEntry[], above: HashKey): Path {
  for (const entry of path) entry.gap = { missing, above }
  return { kind: 'missing', block: missing }
}

/** Forgets the bodies that no path above the final tip can use. */
export function dropBlocksUpTo(engine: Engine, height: number): void {
  const { blocks } = engine.state
  for (const [key, entry] of blocks) if (entry.block.header.height <= height) blocks.delete(key)
}
