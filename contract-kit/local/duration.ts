/** A length of time; what is not said is zero. */
export interface Duration {
  readonly days?: number
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
  readonly ms?: number
}

export function durationMs({ days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 }: Duration): number {
  const total = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000 + ms
  if (!Number.isSafeInteger(total) || total < 0)
    throw new RangeError('a duration is a whole number of milliseconds from 0 on')
  return total
}
