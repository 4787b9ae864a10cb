import type {
  ContractBooking,
  ContractRecord,
  HoldRecord,
  Parameters,
  StateKey,
  StateRecord,
} from '../protocol/index.ts'
import { BookingIndex } from './contracts/booking-index.ts'
import { ExpiryQueue } from './expiry-queue.ts'
import { compareText } from './state/state-key-text.ts'
import type { StateStore } from './state/state-store.ts'
import { minuteMs, windowEndMs } from './windows.ts'

/** What time brings: holds that end and bookings that are due (by derived transactions); what is dropped beside other work. */
export class Expiries {
  readonly holds: ExpiryQueue
  readonly tickets: ExpiryQueue
  readonly windows: ExpiryQueue
  readonly bookings: ExpiryQueue
  readonly bookingIndex = new BookingIndex()
  readonly #parameters: Parameters
  readonly #dropping = new Set<string>()

  constructor(state: StateStore, parameters: Parameters) {
    const isLive = (text: string): boolean => state.has(text)
    this.holds = new ExpiryQueue(isLive)
    this.tickets = new ExpiryQueue(isLive)
    this.windows = new ExpiryQueue(isLive)
    this.bookings = new ExpiryQueue(isLive)
    this.#parameters = parameters
  }

  /** Contracts with rows of a generation that is over, in the order of their keys. */
  get dropping(): readonly string[] {
    return [...this.#dropping].sort(compareText)
  }

  /** Called for each contract's record that a block wrote. */
  noteContract(text: string, { dropping }: ContractRecord): void {
    if (dropping === undefined) this.#dropping.delete(text)
    else this.#dropping.add(text)
  }

  /** Called for each booking's record that comes, or is written again after its turn: then it has left the queue. */
  noteBooking(text: string, { dueMs }: ContractBooking): void {
    this.bookings.push({ atMs: dueMs, text })
  }

  /** Called for each record that left the state. */
  noteRemoved(key: StateKey): void {
    if (key.kind === 'contract-booking') this.bookingIndex.remove(key)
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
      case 'contract':
        this.noteContract(text, record as ContractRecord)
        break
      case 'contract-booking':
        this.noteBooking(text, record as ContractBooking)
        this.bookingIndex.add(key)
        break
      case 'booked-minute':
        this.windows.push({ atMs: (key.minute + 1) * minuteMs, text })
        break
      case 'recent-ids':
      case 'references':
        this.windows.push({ atMs: windowEndMs(key, this.#parameters), text })
        break
    }
  }
}
