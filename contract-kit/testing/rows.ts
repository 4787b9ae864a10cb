import type { JsonValue } from '../schema/json-schema.ts'

/** Rows in the order of the bytes of their keys. */
export class Rows {
  readonly #rows = new Map<string, string>()

  get(key: string): string | undefined {
    return this.#rows.get(key)
  }

  set(key: string, value: string): void {
    this.#rows.set(key, value)
  }

  delete(key: string): boolean {
    return this.#rows.delete(key)
  }

  entries(): [string, string][] {
    return [...this.#rows].sort(([a], [b]) => compareBytes(a, b))
  }

  keys(): string[] {
    return this.entries().map(([key]) => key)
  }

  replace(entries: readonly (readonly [string, string])[]): void {
    this.#rows.clear()
    for (const [key, value] of entries) this.#rows.set(key, value)
  }

  /** The answer to `r`: with a null at the end if the texts grew too long. */
  range(
    options: Readonly<Record<string, JsonValue | undefined>>,
    unitsMax: number,
  ): (readonly [string, string] | null)[] {
    const { from, to, reverse, limit = 100 } = options
    const inside = this.entries().filter(
      ([key]) =>
        (from === undefined || compareBytes(key, String(from)) >= 0) &&
        (to === undefined || compareBytes(key, String(to)) < 0),
    )
    if (reverse === true) inside.reverse()
    const found: (readonly [string, string] | null)[] = []
    let units = 0
    for (const [key, value] of inside.slice(0, Number(limit))) {
      units += key.length + value.length
      if (units > unitsMax && found.length > 0) return [...found, null]
      found.push([key, value])
    }
    return found
  }
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

export function asRecord(value: unknown): Readonly<Record<string, JsonValue | undefined>> {
  return value as Readonly<Record<string, JsonValue | undefined>>
}
