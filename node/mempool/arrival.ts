/**
 * One submission on its way into durable batches. `received` is answered when all that was taken of it stands in one: then
 * a stop of the node, however sudden, doesn't lose it.
 */
export class Arrival {
  #open = 1
  #settle: () => void = () => {}
  readonly durable: Promise<void>

  constructor() {
    this.durable = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  /** Another transaction of it waits. */
  expect(): void {
    this.#open++
  }

  /** One that waited is durable; or, once, that no more will come. */
  settled(): void {
    this.#open--
    if (this.#open === 0) this.#settle()
  }
}
