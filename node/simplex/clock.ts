import type { ClockPort } from './ports.ts'

/** Node's monotonic clock and timers. Timers fire after what had arrived before them was read. */
export const systemClock: ClockPort = {
  nowMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
