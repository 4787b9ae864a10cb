import type { AccountId, AssetId, PositionRecord } from '../protocol/index.ts'
import { stateKeyText } from './state/state-key-text.ts'
import type { StateStore } from './state/state-store.ts'

/** What a position can still give: its balance on the normal side less what is pending and frozen; may be negative. */
export function availableOf(position: PositionRecord): bigint {
  const { debitsPosted, debitsPending, creditsPosted, creditsPending, frozen } = position
  return position.normalSide === 'credit'
    ? creditsPosted - debitsPosted - debitsPending - frozen
    : debitsPosted - creditsPosted - creditsPending - frozen
}

interface Watched {
  readonly account: AccountId
  readonly asset: AssetId
  readonly availableBefore: bigint
  /** The last action that took from the position. */
  action: number
}

/**
 * Positions that movements changed, with what was available before: of one action, or of a whole netted group. Afterwards
 * none may lie below its floor, unless it lies no lower than before (a floor can be raised, or an amount frozen, above what
 * is there; what was reserved earlier can still be paid).
 */
export class FloorWatch {
  readonly #watched = new Map<string, Watched>()

  /** Called for each change of a position, with what is available before and after it. */
  note(change: { account: AccountId; asset: AssetId; before: bigint; after: bigint; action: number }): void {
    const { account, asset, before, after, action } = change
    const text = stateKeyText({ kind: 'position', account, asset })
    const watched = this.#watched.get(text)
    if (watched === undefined) this.#watched.set(text, { account, asset, availableBefore: before, action })
    else if (after < before) watched.action = action
  }

  /** The action to blame for the first position that lies below its floor now. */
  firstBroken(state: StateStore): number | undefined {
    for (const { account, asset, availableBefore, action } of this.#watched.values()) {
      const position = state.position(account, asset)!
      const available = availableOf(position)
      if (available < -position.creditLine && available < availableBefore) return action
    }
    return undefined
  }
}
