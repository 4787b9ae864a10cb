/** Bytes that nobody can guess, from the platform (Web Crypto). */
export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(count))
}
