import { runtime as browser } from '../runtime/browser/index.ts'
import { runtime as node } from '../runtime/node/index.ts'

/** Both runtimes side by side: what one of them says, the other must say. */
export const runtimes = [node, browser] as const

/** The verdict of both. @throws {Error} if they disagree. */
export function agreed<T>(ask: (runtime: (typeof runtimes)[number]) => T): T {
  const [first, second] = runtimes.map((runtime) => ask(runtime)) as [T, T]
  if (first !== second) throw new Error(`node says ${String(first)}, browser says ${String(second)}`)
  return first
}
