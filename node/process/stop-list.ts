/** What has been started, stopped in the reverse order; one failure does not keep the others from stopping. */
export class StopList {
  readonly #stops: (() => unknown)[] = []
  #stopping: Promise<void> | undefined

  add(stop: () => unknown): void {
    this.#stops.push(stop)
  }

  /** @throws {AggregateError} with everything that failed to stop. */
  stop(): Promise<void> {
    this.#stopping ??= this.#run()
    return this.#stopping
  }

  async #run(): Promise<void> {
    const errors: unknown[] = []
    for (const stop of this.#stops.reverse()) {
      try {
        await stop()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'the node did not stop cleanly')
  }
}
