import { BuildError } from './errors.ts'

/** What a script was built from. */
export interface ContractSource {
  /** The author's own files, by their paths from the project's folder. */
  readonly files: Readonly<Record<string, string>>
  /** The file that exports the contract. */
  readonly entry: string
  /** Version of the kit. */
  readonly kit: string
  readonly esbuild: string
  /** Versions by name, if there are packages. */
  readonly packages?: Readonly<Record<string, string>>
}

/** Its one text: files and packages in order of their names, no blanks. */
export function encodeSource({ files, entry, kit, esbuild, packages = {} }: ContractSource): string {
  const some = Object.keys(packages).length > 0
  return JSON.stringify({ files: sorted(files), entry, kit, esbuild, ...(some && { packages: sorted(packages) }) })
}

/** @throws {BuildError} BUILD_SOURCE_INVALID, also if it is not the one text. */
export function decodeSource(text: string): ContractSource {
  const source = parse(text)
  const { files, entry, kit, esbuild, packages = {} } = (source ?? {}) as Partial<Record<keyof ContractSource, unknown>>
  const isSource =
    isTexts(files) && isTexts(packages) && [entry, kit, esbuild].every((field) => typeof field === 'string')
  if (!isSource || encodeSource(source as ContractSource) !== text) {
    throw new BuildError([{ code: 'BUILD_SOURCE_INVALID', message: 'the text is not in the form of a source' }])
  }
  return source as ContractSource
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((text) => typeof text === 'string')
}

function sorted(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}
