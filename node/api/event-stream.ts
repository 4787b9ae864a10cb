import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { equalBytes, toHex } from '@tallystick/core/codec'
import { type AccountId, receiptEvent } from '@tallystick/core/protocol'
import type { ApiLimits } from './options.ts'
import type { EventCursor, EventFilter, Heights, NodeEvent, NodePort } from './port.ts'

/** Stored events that are read at once. */
const readMax = 64
/** Accounts that an event lists; a packed transaction touches thousands. */
const accountsShownMax = 32

/** Which receipts a reader wants: all, or those that touch an account, tell such events, or both. */
export interface Followed {
  readonly account: AccountId | undefined
  readonly events: EventFilter | undefined
}

/**
 * Sends events to one reader (server-sent events) until it leaves, stalls or the API closes. Only what is stored behind
 * the cursor is ever read, so nothing piles up for a slow reader: one page, and what its socket holds.
 */
export class EventStream {
  readonly #port: NodePort
  readonly #out: ServerResponse
  readonly #limits: ApiLimits
  readonly #followed: Followed
  readonly #onStalled: () => void
  #cursor: EventCursor
  #heights: Heights | undefined
  #wake: (() => void) | undefined
  readonly #leaving = new AbortController()

  constructor(
    port: NodePort,
    out: ServerResponse,
    limits: ApiLimits,
    after: EventCursor,
    followed: Followed,
    onStalled: () => void,
  ) {
    this.#port = port
    this.#out = out
    this.#limits = limits
    this.#cursor = after
    this.#followed = followed
    this.#onStalled = onStalled
  }

  /** Runs to the end of the stream. */
  async run(): Promise<void> {
    const unwatch = this.#port.watchHeights((heights) => {
      this.#heights = heights
      this.#wake?.()
    })
    this.#out.once('close', () => this.close())
    try {
      await this.#send('retry: 1000\n\n')
      while (!this.#ended) await this.#sendNext()
    } finally {
      unwatch()
      this.close()
      this.#out.end()
    }
  }

  close(): void {
    this.#leaving.abort()
    this.#wake?.()
  }

  get #ended(): boolean {
    return this.#leaving.signal.aborted
  }

  async #sendNext(): Promise<void> {
    const events = await this.#port.eventsAfter(this.#cursor, readMax, this.#followed.events)
    if (events === 'gone') {
      await this.#send('event: gone\ndata: {"code":"API_CURSOR_GONE"}\n\n')
      this.close()
      return
    }
    let text = ''
    for (const event of events) {
      this.#cursor = { height: event.height, index: event.index }
      if (this.#isWanted(event)) text += eventText(event)
    }
    if (this.#heights !== undefined) {
      text += `event: heights\ndata: ${JSON.stringify(this.#heights)}\n\n`
      this.#heights = undefined
    }
    if (text !== '') await this.#send(text)
    else if (events.length === 0) await this.#rest()
  }

  /** `executed` always goes out, so that a reader of a quiet account can resume from where it is. */
  #isWanted(event: NodeEvent): boolean {
    const { account, events } = this.#followed
    if (event.kind !== 'receipt') return true
    const touches = account === undefined || event.accounts.some((id) => equalBytes(id, account))
    return touches && (events === undefined || event.events.length > 0)
  }

  async #rest(): Promise<void> {
    if (this.#ended || this.#heights !== undefined) return
    let timer: NodeJS.Timeout | undefined
    const woken = new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true)
      timer = setTimeout(() => resolve(false), this.#limits.streamKeepAliveMs)
    })
    const moved = await woken
    clearTimeout(timer)
    this.#wake = undefined
    if (!moved && !this.#ended) await this.#send(': still here\n\n')
  }

  async #send(text: string): Promise<void> {
    if (this.#ended) return
    if (this.#out.write(text)) return
    const stalled = AbortSignal.timeout(this.#limits.streamStallMs)
    try {
      await once(this.#out, 'drain', { signal: AbortSignal.any([stalled, this.#leaving.signal]) })
    } catch {
      if (stalled.aborted && !this.#ended) this.#onStalled()
      this.#out.destroy()
      this.close()
    }
  }
}

function eventText(event: NodeEvent): string {
  const data =
    event.kind === 'receipt'
      ? {
          height: event.height,
          index: event.index,
          id: toHex(event.id),
          result: event.result,
          accounts: event.accounts.slice(0, accountsShownMax).map(toHex),
          accountCount: event.accounts.length,
          eventCount: event.eventCount,
          events: event.events.map((told) => receiptEvent.toJson(told)),
        }
      : { height: event.height, index: event.index, timeMs: event.timeMs }
  return `id: ${event.height}.${event.index}\nevent: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The cursor of a `Last-Event-ID`, or `undefined` where the text is none. */
export function parseCursor(text: string): EventCursor | undefined {
  const match = /^(0|[1-9][0-9]{0,15})\.(0|[1-9][0-9]{0,9})$/.exec(text)
  if (match === null) return undefined
  const cursor = { height: Number(match[1]), index: Number(match[2]) }
  return Number.isSafeInteger(cursor.height) ? cursor : undefined
}
