import { type ContractId, numberOfBooking } from '../../protocol/index.ts'
import { latin1 } from '../state/state-key-text.ts'
import type { BookingKey } from './bookings.ts'

/** The numbers of each contract's bookings, as the last block left them. It is derived from the records. */
export class BookingIndex {
  readonly #numbers = new Map<string, Set<number>>()

  add({ contract, number }: BookingKey): void {
    const text = latin1(contract)
    let numbers = this.#numbers.get(text)
    if (numbers === undefined) {
      numbers = new Set()
      this.#numbers.set(text, numbers)
    }
    numbers.add(numberOfBooking(number))
  }

  remove({ contract, number }: BookingKey): void {
    const text = latin1(contract)
    const numbers = this.#numbers.get(text)
    numbers?.delete(numberOfBooking(number))
    if (numbers?.size === 0) this.#numbers.delete(text)
  }

  /** In no promised order; costs what this contract has booked, whatever others have. */
  numbersOf(contract: ContractId): Iterable<number> {
    return this.#numbers.get(latin1(contract)) ?? []
  }
}
