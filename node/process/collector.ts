import { setFlagsFromString } from 'node:v8'

/**
 * Suits the garbage collector to a node; its threads, which are started afterwards, take it over. Batches and blocks pass
 * through as buffers of a megabyte. V8 counts what was allocated of them against the heap's growth limit, and the heap is
 * small beside them: under full load it was marked three times a second, a quarter of a node's processor time. Now a heap may
 * grow to four times what lived. Other flags of the collector must not be changed here: in a process that runs, switching
 * concurrent marking off ends it.
 */
export function settleCollector(): void {
  setFlagsFromString('--heap-growing-percent=300')
}
