import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { equalBytes } from '@tallystick/core/codec'
import { type CodeHash, type ContractCode, codeHashOf } from '@tallystick/core/protocol'
import { type BuildKit, type BuiltContract, withKit } from './kit.ts'

export interface Rebuilt {
  /** Of the source as it is built here. */
  readonly code: CodeHash
  readonly source: ReturnType<BuildKit['decodeSource']>
  /** Files of the folder that are not as they were published. */
  readonly differing: readonly { readonly file: string; readonly where: 'missing here' | 'other text' }[]
}

/**
 * Builds a published source again.
 * @param packagesFrom - Folder with the packages that it imports. @param folder - A project to compare its files with.
 * @throws {CodedFailure} BUILD_SOURCE_INVALID, BUILD_TOOLS_OTHER and other problems of the build.
 */
export function rebuilt(published: ContractCode, packagesFrom: string, folder: string | undefined): Promise<Rebuilt> {
  return withKit(async (kit) => {
    const source = kit.decodeSource(published.source)
    const wanted = codeHashOf(published)
    const { vmVersion } = published
    const plain = await kit.rebuildContract(published.source, { packagesFrom })
    const codeOf = (built: BuiltContract): CodeHash => codeHashOf({ vmVersion, ...built })
    // A source does not say whether it was minified.
    const code = equalBytes(codeOf(plain), wanted)
      ? wanted
      : codeOf(await kit.rebuildContract(published.source, { packagesFrom, minify: true }))
    return { code, source, differing: folder === undefined ? [] : await differingFiles(source.files, folder) }
  })
}

async function differingFiles(files: Readonly<Record<string, string>>, folder: string): Promise<Rebuilt['differing']> {
  const root = projectRoot(folder)
  const differing: Rebuilt['differing'][number][] = []
  for (const [file, text] of Object.entries(files)) {
    const own = await readFile(join(root, file), 'utf8').catch(() => undefined)
    if (own === undefined) differing.push({ file, where: 'missing here' })
    else if (own !== text) differing.push({ file, where: 'other text' })
  }
  return differing
}

/** As the build finds it: the nearest folder with a package.json. */
function projectRoot(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at
    if (at === dirname(at)) return folder
  }
}
