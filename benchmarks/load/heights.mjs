import { setTimeout as delay } from 'node:timers/promises'

/** Watches how far a node's chain is, and when it came there as seen from here. */
export class HeightWatch {
  #api
  #everyMs
  #seen = []
  #stopped = false
  #done

  constructor(api, everyMs) {
    this.#api = api
    this.#everyMs = everyMs
    this.#done = this.#watch()
    this.#done.catch(() => {})
  }

  async #watch() {
    while (!this.#stopped) {
      const { heights } = await this.#api.getJson('/v1/status')
      const last = this.#seen.at(-1)
      if (last === undefined || last.final !== heights.final || last.proven !== heights.proven) {
        this.#seen.push({ atMs: performance.now(), ...heights })
      }
      await delay(this.#everyMs)
    }
  }

  #firstAt(height, stage) {
    let [low, high] = [0, this.#seen.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#seen[middle][stage] >= height) high = middle
      else low = middle + 1
    }
    return this.#seen[low]
  }

  /** When the height was first seen at the stage, or undefined. */
  timeOf(height, stage) {
    return this.#firstAt(height, stage)?.atMs
  }

  /** What was newest when the height became final. */
  finalAfter(height, stage) {
    return this.#firstAt(height, stage)?.final
  }

  /** The first sight at or after a time. */
  seenFrom(timeMs) {
    return this.#seen.find(({ atMs }) => atMs >= timeMs)
  }

  lastBefore(timeMs) {
    return this.#seen.findLast(({ atMs }) => atMs <= timeMs)
  }

  async stop() {
    this.#stopped = true
    await this.#done
  }
}
