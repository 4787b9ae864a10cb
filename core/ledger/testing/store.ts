import type { Ledger } from '../ledger.ts'

/** A store's log: the images that a ledger gave, in order. */
export class TestStore {
  readonly images: Uint8Array[] = []

  add(...images: Uint8Array[]): void {
    this.images.push(...images.map((bytes) => bytes.slice()))
  }
}

/** Everything that lives, in many small pieces, so that the cursor is used. */
export function liveImages(ledger: Ledger): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let cursor: number | undefined = 0; cursor !== undefined; ) {
    const { images, next } = ledger.liveImages(cursor, 500)
    pieces.push(images.slice())
    cursor = next
  }
  return pieces
}
