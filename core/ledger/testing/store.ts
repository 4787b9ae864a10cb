import { encode, toHex } from '../../codec/index.ts'
import { nestedKey, stateKey } from '../../protocol/index.ts'
import type { StateChange, StoredNested, StoredRecord } from '../block-result.ts'

/** A store as a node keeps one: fed by the changes of blocks alone. */
export class TestStore {
  readonly #records = new Map<string, StoredRecord>()
  readonly #nested = new Map<string, Map<string, StoredNested>>()

  apply(changes: readonly StateChange[]): void {
    for (const change of changes) {
      const text = toHex(encode(stateKey, change.key))
      switch (change.kind) {
        case 'put':
          this.#records.set(text, change)
          break
        case 'put-nested':
          if (!this.#nested.has(text)) this.#nested.set(text, new Map())
          this.#nested.get(text)!.set(toHex(encode(nestedKey, change.nested)), change)
          break
        case 'drop':
          this.#records.delete(text)
          this.#nested.delete(text)
          break
        case 'delete':
          this.#records.delete(text)
      }
    }
  }

  records(): StoredRecord[] {
    return [...this.#records.values()]
  }

  nested(): StoredNested[] {
    return [...this.#nested.values()].flatMap((records) => [...records.values()])
  }
}
