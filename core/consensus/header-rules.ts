import { equalBytes, toHex } from '../codec/index.ts'
import { type Block, type ExecutedRoots, type Header, payloadRootOf } from '../protocol/index.ts'
import { alarm, type Engine } from './engine.ts'
import type { BlockEntry } from './state.ts'

/** *not yet* means that execution or finality are behind: the answer may still become either. */
export type Validity = 'valid' | 'invalid' | 'not yet'

/**
 * The part of a block's validity that consensus can see (spec/consensus.md §3): form, ledger, epoch, height, parent, time, digests
 * used once along the path, and `executed` within its bounds with the roots that this node computed itself.
 * @param ancestors - The blocks between the final tip and this one, ascending.
 */
export function checkHeader(
  engine: Engine,
  entry: BlockEntry,
  parent: Header,
  ancestors: readonly BlockEntry[],
): Validity {
  entry.form ??= hasGoodForm(engine, entry.block, parent, ancestors) ? 'good' : 'bad'
  return entry.form === 'bad' ? 'invalid' : checkExecuted(engine, entry)
}

function hasGoodForm(engine: Engine, block: Block, parent: Header, ancestors: readonly BlockEntry[]): boolean {
  const { header, payload } = block
  const { config } = engine
  return (
    equalBytes(header.ledger, config.ledger) &&
    header.epoch === config.epoch &&
    header.nextEpoch === undefined &&
    header.height === parent.height + 1 &&
    header.timeMs >= parent.timeMs &&
    header.executed.height >= parent.executed.height &&
    header.executed.height < header.height &&
    header.height - header.executed.height <= config.parameters.executionLagMax &&
    hasDeclaredPayload(block) &&
    listsDigestsOnce([...ancestors.map((ancestor) => ancestor.block.payload), payload])
  )
}

export function hasDeclaredPayload({ header, payload }: Block): boolean {
  return header.payloadCount === payload.length && equalBytes(header.payloadRoot, payloadRootOf(payload))
}

/** Whether the last payload lists no digest twice and none that an earlier one lists. */
function listsDigestsOnce(payloads: readonly Block['payload'][]): boolean {
  const own = payloads.at(-1)!
  const digests = new Set<string>()
  for (const item of own) {
    if (item.kind !== 'batch') continue
    const digest = toHex(item.digest)
    if (digests.has(digest)) return false
    digests.add(digest)
  }
  if (digests.size === 0) return true
  return payloads
    .slice(0, -1)
    .every((payload) => payload.every((item) => item.kind !== 'batch' || !digests.has(toHex(item.digest))))
}

/** A validator that has not executed the named height, or doesn't know it final, waits: it never votes unchecked. */
function checkExecuted(engine: Engine, entry: BlockEntry): Validity {
  const { executed } = entry.block.header
  const { state } = engine
  if (executed.height > Math.min(state.executedHeight, state.final.header.height)) return 'not yet'
  const own = state.roots.get(executed.height)
  if (own === undefined) return 'not yet'
  if (equalRoots(own, executed)) return 'valid'
  alarm(
    engine,
    'CONSENSUS_PROPOSAL_ROOT_DIFFERS',
    `block ${entry.key} names the state root ${toHex(executed.stateRoot)} after height ${executed.height}, own ${toHex(own.stateRoot)}; ` +
      `history root ${toHex(executed.historyRoot)}, own ${toHex(own.historyRoot)}`,
  )
  entry.form = 'bad'
  return 'invalid'
}

export function equalRoots(a: ExecutedRoots, b: ExecutedRoots): boolean {
  return a.height === b.height && equalBytes(a.stateRoot, b.stateRoot) && equalBytes(a.historyRoot, b.historyRoot)
}
