import type { HoldRecord, Parameters, StateKey, StateRecord } from '../protocol/index.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import type { StateStore } from './state/state-store.ts'
import { windowEndMs } from './windows.ts'

/** What ends by time: holds (by derived transactions), unused tickets and nested tries (silently, beside other work). */
export class Expiries {
  readonly holds: ExpiryQueue
  readonly tickets: ExpiryQueue
  readonly windows: ExpiryQueue
  readonly #parameters: Parameters

  constructor(state: StateStore, parameters: Parameters) {
    const isLive = (text: string): boolean => state.has(text)
    this.holds = new ExpiryQueue(isLive)
    this.tickets = new ExpiryQueue(isLive)
    this.windows = new ExpiryQueue(isLive)
    this.#parameters = parameters
  }

  /** Called once for each record that comes into the state. */
  noteCreated(text: string, key: StateKey, record: object): void {
    switch (key.kind) {
      case 'hold':
        this.holds.push({ atMs: (record as HoldRecord).expiresMs, text })
        break
      case 'ticket':
        this.tickets.push({ atMs: (record as StateRecord<'ticket'>).expiresMs, text })
        break
      case 'recent-ids':
      case 'references':
        this.windows.push({ atMs: windowEndMs(key, this.#parameters), text })
        break
    }
  }
}
