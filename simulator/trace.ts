/** A rolling hash over everything that happens in a run: two runs of one seed have the same. */
export class Trace {
  #low = 0x811c9dc5
  #high = 0x9e3779b9
  events = 0

  add(text: string): void {
    this.events++
    for (let i = 0; i < text.length; i++) {
      this.#low = Math.imul(this.#low ^ text.charCodeAt(i), 0x01000193)
      this.#high = Math.imul(this.#high ^ text.charCodeAt(i), 0x85ebca6b) ^ (this.#low >>> 15)
    }
  }

  get hash(): string {
    const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')
    return hex(this.#high) + hex(this.#low)
  }
}
