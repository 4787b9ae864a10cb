import type { ApiErrorCode } from './errors.ts'

/** What is counted: a code that was answered, or why a connection was cut without an answer. */
export type Refusal = ApiErrorCode | 'PIPELINE_TOO_LONG' | 'STREAM_STALLED'

/** What an operator should see in the log: it tells of clients that are hostile or broken, or of a node that is overrun. */
const logged: ReadonlySet<Refusal> = new Set<Refusal>([
  'API_BAD_HTTP',
  'API_BODY_TOO_LARGE',
  'API_BUFFER_FULL',
  'API_HEADERS_TOO_LARGE',
  'API_RATE_LIMITED',
  'API_REQUEST_TIMEOUT',
  'API_TOO_MANY_CONNECTIONS',
  'API_TOO_MANY_STREAMS',
  'API_TOO_MANY_WAITS',
  'PIPELINE_TOO_LONG',
  'STREAM_STALLED',
])

/** Counts what was refused, by code, since the start. */
export class Refusals {
  readonly #tell: (refusal: Refusal, address: string) => void
  readonly #counts = new Map<Refusal, number>()

  constructor(tell: (refusal: Refusal, address: string) => void) {
    this.#tell = tell
  }

  /** @param address - Of the client, as far as it is known. */
  count(refusal: Refusal, address: string): void {
    this.#counts.set(refusal, (this.#counts.get(refusal) ?? 0) + 1)
    if (logged.has(refusal)) this.#tell(refusal, address)
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }
}
