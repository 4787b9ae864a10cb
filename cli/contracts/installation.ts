import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A package of this installation that a project uses. */
export interface InstalledPackage {
  readonly name: string
  readonly folder: string
  readonly version: string
  /** Whether it came from a registry, and not from a clone. */
  readonly isPublished: boolean
  /** File of its command, from its folder. */
  readonly bin: string | undefined
}

const require = createRequire(import.meta.url)

/** The nearest folder above a file whose package has the name. */
function packageFolder(file: string, name: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === name) return folder
    if (folder === dirname(folder)) throw new Error(`the package ${name} is not installed`)
  }
}

function packageOf(name: string, file: string): InstalledPackage {
  const folder = realpathSync(packageFolder(file, name))
  const { version, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string
    bin?: Readonly<Record<string, string>>
  }
  return { name, folder, version, isPublished: folder.split(sep).includes('node_modules'), bin: bin?.[name] }
}

/** What a project of a contract is tested and built with. */
export function installedPackages(): { readonly kit: InstalledPackage; readonly others: readonly InstalledPackage[] } {
  return {
    kit: packageOf('@tallystick/contract-kit', require.resolve('@tallystick/contract-kit')),
    others: [
      packageOf('@tallystick/client', require.resolve('@tallystick/client')),
      packageOf('tallystick', fileURLToPath(import.meta.url)),
      vitestPackage(),
    ],
  }
}

/** What runs tests. */
export function vitestPackage(): InstalledPackage {
  return packageOf('vitest', require.resolve('vitest/package.json'))
}
