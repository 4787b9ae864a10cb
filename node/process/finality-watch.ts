/** Work without new finality for this long is told. A healthy network needs a tenth of it. */
const stalledAfterMs = 5_000

/** What is looked at, all times on one monotonic clock. */
export interface FinalitySigns {
  readonly nowMs: number
  /** Whether there is something to order or to finish. */
  readonly working: boolean
  readonly finalizedHeight: number
  readonly view: number
  /** Of every other validator, how long it has said nothing; `undefined`: it was never heard. */
  readonly others: readonly { readonly name: string; readonly silenceMs: number | undefined }[]
}

/** Notices that there is work and nothing becomes final, and says which validators are silent since when. */
export class FinalityWatch {
  #height = -1
  #sinceMs: number | undefined

  /** @param wallMs - The wall clock, for the times in the text. */
  look(signs: FinalitySigns, wallMs: number): string | undefined {
    const { nowMs, working, finalizedHeight, others, view } = signs
    if (!working || finalizedHeight !== this.#height) this.#sinceMs = undefined
    this.#height = finalizedHeight
    if (!working) return undefined
    this.#sinceMs ??= nowMs
    if (nowMs - this.#sinceMs < stalledAfterMs) return undefined
    const clock = (atMs: number): string => new Date(wallMs - (nowMs - atMs)).toISOString()
    const silent = others
      .filter(({ silenceMs = stalledAfterMs }) => silenceMs >= stalledAfterMs)
      .map(({ name, silenceMs }) => {
        return `${name} (${silenceMs === undefined ? 'not heard yet' : `since ${clock(nowMs - silenceMs)}`})`
      })
    const who = silent.length === 0 ? 'every validator is heard' : `silent are ${silent.join(', ')}`
    return `nothing became final since ${clock(this.#sinceMs)}, above height ${finalizedHeight} in view ${view}; ${who}`
  }
}
