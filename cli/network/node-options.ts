import { availableParallelism } from 'node:os'

/**
 * Options of Node for each of several validators on one machine. Where there are more of them than processors, the helper
 * threads of V8's collector only take time from the other validators (docs/performance.md).
 */
export function nodeOptions(nodes: number): readonly string[] {
  return nodes > availableParallelism() ? ['--single-threaded-gc'] : []
}
