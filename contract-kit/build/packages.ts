import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A file of a package from the registry. */
export interface PackageFile {
  readonly name: string
  readonly version: string
  /** From the package's folder, with `/` between names. */
  readonly file: string
}

/** @param absolute - Links resolved. @returns `undefined` if the file is in no package's folder under `node_modules`. */
export function packageFileOf(absolute: string): PackageFile | undefined {
  const parts = absolute.split(path.sep)
  const at = parts.lastIndexOf('node_modules')
  const nameLength = parts[at + 1]?.startsWith('@') ? 2 : 1
  if (at < 0 || parts.length <= at + 1 + nameLength) return undefined
  const root = parts.slice(0, at + 1 + nameLength).join(path.sep)
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }
  return {
    name: parts.slice(at + 1, at + 1 + nameLength).join('/'),
    version,
    file: parts.slice(at + 1 + nameLength).join('/'),
  }
}
