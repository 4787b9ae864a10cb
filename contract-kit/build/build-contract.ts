import { statSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { type Bundle, type BundleOptions, bundle } from './bundle.ts'
import { BuildError, type BuildProblem } from './errors.ts'
import { projectAt, projectOf, projectRootOf } from './project.ts'
import { decodeSource, encodeSource } from './source-text.ts'
import { esbuildVersion, kitVersion } from './versions.ts'

/** What is deployed. */
export interface BuiltContract {
  readonly script: string
  /** JSON; its paths are from the project's folder. */
  readonly sourceMap: string
  /** The author's own files and the versions of the tools, from which `rebuildContract` makes the same script. */
  readonly source: string
}

export interface BuildOptions extends BundleOptions {
  /** The project's folder; the nearest one above the file with a package.json if not said. */
  readonly root?: string
}

/** In bytes of UTF-8. */
export const contractSizesMax = { script: 262_144, source: 262_144, sourceMap: 393_216 } as const

/**
 * Builds the contract that a file exports under the name `contract`.
 * @param entryPath - The file, from the current folder or absolute.
 * @throws {BuildError} with all that is wrong, each with file and line.
 */
export async function buildContract(entryPath: string, options: BuildOptions = {}): Promise<BuiltContract> {
  const absolute = path.resolve(entryPath)
  const found = statSync(absolute, { throwIfNoEntry: false })
  if (found === undefined) fail({ code: 'BUILD_ENTRY_NOT_FOUND', message: `there is no file ${entryPath}` })
  if (found.isDirectory()) {
    const inside = path.join(entryPath, 'contract.ts')
    fail({ code: 'BUILD_ENTRY_NOT_FOUND', message: `${entryPath} is a folder; name the file, such as ${inside}` })
  }
  const root = path.resolve(options.root ?? projectRootOf(absolute))
  const entry = path.relative(root, absolute).split(path.sep).join('/')
  return built(await bundle(projectAt(root), entry, options), entry)
}

/**
 * Builds a contract again from its source, in memory.
 * @param packagesFrom - The folder where its packages are installed, if it has any; the current one if not said.
 * @returns the same bytes as the build did, `source` included, if minification is the same.
 * @throws {BuildError} BUILD_SOURCE_INVALID; BUILD_TOOLS_OTHER if the tools here are not those of the source.
 */
export async function rebuildContract(
  source: string,
  { packagesFrom = process.cwd(), minify = false }: BundleOptions & { readonly packagesFrom?: string } = {},
): Promise<BuiltContract> {
  const { files, entry, kit, esbuild, packages } = decodeSource(source)
  expectVersions({ kit, esbuild }, { kit: kitVersion, esbuild: esbuildVersion })
  const bundled = await bundle(projectOf(files, packagesFrom), entry, { minify })
  expectVersions(packages ?? {}, Object.fromEntries(bundled.packages))
  return built(bundled, entry)
}

function built({ script, sourceMap, files, packages }: Bundle, entry: string): BuiltContract {
  const source = encodeSource({
    files: Object.fromEntries(files),
    entry,
    kit: kitVersion,
    esbuild: esbuildVersion,
    packages: Object.fromEntries(packages),
  })
  const contract = { script, sourceMap, source }
  for (const [name, max] of Object.entries(contractSizesMax)) {
    const bytes = Buffer.byteLength(contract[name as keyof BuiltContract])
    if (bytes > max) fail({ code: 'BUILD_TOO_LARGE', message: `${name}: ${bytes} bytes, and at most ${max} are taken` })
  }
  return contract
}

function expectVersions(wanted: Readonly<Record<string, string>>, here: Readonly<Record<string, string>>): void {
  for (const [name, version] of Object.entries(wanted)) {
    if (here[name] !== version) {
      fail({ code: 'BUILD_TOOLS_OTHER', message: `${name} ${version} is wanted, and ${here[name] ?? 'none'} is here` })
    }
  }
}

function fail(problem: BuildProblem): never {
  throw new BuildError([problem])
}
