import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'

/**
 * Vectors of spec/vectors, one to a line. With `UPDATE_VECTORS=1` the file is first written anew; otherwise `make` is not
 * called, so what the file says was true of an earlier build too.
 * @param name - File name in spec/vectors.
 */
export function frozenVectors<T>(name: string, make: () => readonly T[]): readonly T[] {
  const file = new URL(`../../../spec/vectors/${name}`, import.meta.url)
  if (process.env.UPDATE_VECTORS === '1') {
    writeFileSync(
      file,
      `[\n${make()
        .map((one) => JSON.stringify(one))
        .join(',\n')}\n]\n`,
    )
  }
  return JSON.parse(readFileSync(file, 'utf8')) as T[]
}
