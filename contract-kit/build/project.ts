import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** The author's own files, by their paths from the project's folder, with `/` between names. */
export interface Project {
  /** `undefined` if there is no such file. */
  read(file: string): string | undefined
  /** Where packages are looked up: a folder with `node_modules`, or below one. */
  readonly packagesFrom: string
}

/** Files on disk. */
export function projectAt(root: string): Project {
  return {
    packagesFrom: root,
    read(file) {
      const absolute = path.join(root, file)
      return existsSync(absolute) && statSync(absolute).isFile() ? readFileSync(absolute, 'utf8') : undefined
    },
  }
}

/** Files in memory. */
export function projectOf(files: Readonly<Record<string, string>>, packagesFrom: string): Project {
  return { packagesFrom, read: (file) => (Object.hasOwn(files, file) ? files[file] : undefined) }
}

/** The nearest folder above a file that has a package.json, or the file's own. */
export function projectRootOf(file: string): string {
  const own = path.dirname(file)
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder
    if (folder === path.dirname(folder)) return own
  }
}

/**
 * Finds what a relative import means, alike on disk and in memory.
 * @param importer - The file that imports.
 * @returns its path, or `undefined` if it is not there.
 */
export function resolveInProject(project: Project, importer: string, specifier: string): string | undefined {
  const wanted = path.posix.join(path.posix.dirname(importer), specifier)
  const withoutJs = wanted.replace(/\.js$/, '')
  const candidates = [wanted, `${withoutJs}.ts`, `${wanted}/index.ts`]
  return candidates.find((file) => !leavesProject(file) && project.read(file) !== undefined)
}

export function leavesProject(file: string): boolean {
  return file === '..' || file.startsWith('../') || path.posix.isAbsolute(file)
}
