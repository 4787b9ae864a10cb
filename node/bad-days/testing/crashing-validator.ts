import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { BadNetwork } from './bad-network.ts'

const reachedTimeoutMs = 60_000
const moduleOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** A validator that dies at chosen places where it writes. */
export class CrashingValidator {
  readonly #network: BadNetwork
  readonly #index: number
  readonly #seenFile: string
  #crashes = 0

  constructor(network: BadNetwork, index: number) {
    this.#network = network
    this.#index = index
    this.#seenFile = join(network.home(index), '..', 'write-places')
  }

  get #preload(): string[] {
    // First what wraps the calls: a module that is loaded before it keeps the originals.
    return [moduleOf('./crash.mjs'), moduleOf('./small-segments.mjs')]
  }

  get #environment(): Record<string, string> {
    return { CRASH_HOME: this.#network.home(this.#index), CRASH_SEEN: this.#seenFile }
  }

  /**
   * Starts it, which recovers it from the crash before, and resolves when it has died at this point.
   * @param point - File, operation and moment, as `crash.mjs` has them.
   * @throws {Error} if it does not start, ends otherwise, or does not get there in time.
   */
  async dieAt(point: string, nth = 1): Promise<void> {
    const mark = `${this.#seenFile}-${this.#crashes++}`
    await appendFile(mark, '')
    const environment = { ...this.#environment, CRASH_AT: point, CRASH_NTH: String(nth), CRASH_MARK: mark }
    let outcome = 'it went on'
    let timer: NodeJS.Timeout | undefined
    try {
      const started = await this.#network.start(this.#index, { preload: this.#preload, environment })
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, reachedTimeoutMs)
      })
      await Promise.race([
        late,
        started.ended.then((end) => {
          outcome = end.message
        }),
      ])
    } catch (error) {
      // It may die before it has started; what it was that ended it, the mark says.
      outcome = String(error)
    }
    clearTimeout(timer)
    await this.#network.kill(this.#index)
    expect(await readFile(mark, 'utf8'), `${point} was not where it ended: ${outcome}`).toBe(point)
  }

  /** Starts it for good. */
  async recover(): Promise<void> {
    await this.#network.start(this.#index, {
      preload: this.#preload,
      environment: this.#environment,
    })
  }

  /** Every place where it wrote in any of its runs, as "file operation". */
  async placesSeen(): Promise<string[]> {
    return [...new Set((await readFile(this.#seenFile, 'utf8')).trimEnd().split('\n'))].sort()
  }
}
