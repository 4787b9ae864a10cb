import { ClientError } from '../errors.ts'

/** Waits; ends early with CLIENT_ABORTED. */
export function pause(timeMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      reject(new ClientError('CLIENT_ABORTED'))
    }
    if (signal?.aborted) {
      reject(new ClientError('CLIENT_ABORTED'))
      return
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, timeMs)
    signal?.addEventListener('abort', end, { once: true })
  })
}
