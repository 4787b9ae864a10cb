import { backlogSecondsMax, backlogStepsFloor, rateWindowMs, retryAfterSecondsMax } from './limits.ts'

/**
 * How much may wait to be ordered, from how fast it goes. The rate counts only while something waits all the time: an idle
 * chain orders little because little comes.
 */
export class Backlog {
  #stepsPerSecond = 0
  #windowStartMs = 0
  #windowSteps = 0
  /** Whether something waited ever since the window began. */
  #busy = false

  /** @param stillWaiting - Whether more waits after these steps were ordered. @param nowMs - Any clock, milliseconds. */
  ordered(steps: number, stillWaiting: boolean, nowMs: number): void {
    if (this.#busy) {
      this.#windowSteps += steps
      const elapsedMs = nowMs - this.#windowStartMs
      if (elapsedMs < rateWindowMs && stillWaiting) return
      if (elapsedMs >= rateWindowMs) {
        const measured = (this.#windowSteps * 1_000) / elapsedMs
        this.#stepsPerSecond = this.#stepsPerSecond === 0 ? measured : (this.#stepsPerSecond + measured) / 2
      }
    }
    this.#busy = stillWaiting
    this.#windowStartMs = nowMs
    this.#windowSteps = 0
  }

  get stepsMax(): number {
    return Math.max(backlogStepsFloor, backlogSecondsMax * this.#stepsPerSecond)
  }

  /** When about a third of what waits has been ordered, whole seconds. */
  retryAfterSeconds(waitingSteps: number): number {
    const seconds = waitingSteps / (3 * Math.max(this.#stepsPerSecond, backlogStepsFloor / backlogSecondsMax))
    return Math.min(retryAfterSecondsMax, Math.max(1, Math.round(seconds)))
  }
}
