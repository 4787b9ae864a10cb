import { build, type Message, type Plugin } from 'esbuild'
import { BuildError, type BuildProblem, buildProblems } from './errors.ts'
import { kitText } from './kit-text.ts'
import { bundlePlugin, type Collected, problemOfDetail } from './plugin.ts'
import type { Project } from './project.ts'

/** One script of everything that a contract consists of. */
export interface Bundle extends Collected {
  readonly script: string
  /** JSON, without the texts of the files. */
  readonly sourceMap: string
}

export interface BundleOptions {
  /** Short names and no blanks: a smaller script, which nobody can read. */
  readonly minify?: boolean
}

/**
 * Bundles a contract. Equal files, packages, kit and esbuild give equal bytes, wherever they lie.
 * @param entry - The file that exports the contract, from the project's folder.
 * @throws {BuildError} with all problems that were found.
 */
export async function bundle(project: Project, entry: string, options: BundleOptions = {}): Promise<Bundle> {
  const kit = await kitText()
  const collected: Collected = { files: new Map(), packages: new Map() }
  const plugin = bundlePlugin(project, entry, kit.names, collected)
  const outputs = await run(plugin, project.packagesFrom, kit.statement, options.minify === true)
  const text = (ending: string): string => outputs.find(({ path }) => path.endsWith(ending))!.text
  return { ...collected, script: text('.js'), sourceMap: ownMap(text('.map')) }
}

async function run(plugin: Plugin, folder: string, kit: string, minify: boolean) {
  try {
    const { outputFiles } = await build({
      entryPoints: ['entry'],
      plugins: [plugin],
      absWorkingDir: folder,
      outfile: 'contract.js',
      bundle: true,
      format: 'esm',
      supported: { 'top-level-await': false },
      target: 'es2023',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      minify,
      // A contract is a module, so it is strict; in the middle of a script only a function can say that.
      banner: { js: `${kit}\n(() => {"use strict";` },
      footer: { js: '})();' },
      write: false,
      sourcemap: 'external',
      sourcesContent: false,
      legalComments: 'none',
      tsconfigRaw: {},
      logLevel: 'silent',
    })
    return outputFiles
  } catch (error) {
    const messages = (error as { errors?: readonly Message[] }).errors
    if (messages === undefined) throw error
    const [first, ...others] = messages.map(problemOf)
    if (first === undefined) throw error
    throw new BuildError([first, ...others])
  }
}

function problemOf({ text, detail, location }: Message): BuildProblem {
  const namespaced = location?.file ?? ''
  const colon = namespaced.indexOf(':')
  if (namespaced.startsWith('entry:')) return { code: 'BUILD_NO_CONTRACT', message: buildProblems.BUILD_NO_CONTRACT[0] }
  const code = problemOfDetail(detail) ?? 'BUILD_SYNTAX'
  if (location === null) return { code, message: text }
  return { code, message: text, file: namespaced.slice(colon + 1), line: location.line, column: location.column + 1 }
}

/** With the author's paths, without the namespace of the bundler. */
function ownMap(text: string): string {
  const { sources, mappings } = JSON.parse(text) as { sources: string[]; mappings: string }
  const own = sources.map((source) => source.replace(/^contract:/, ''))
  return JSON.stringify({ version: 3, sources: own, names: [], mappings })
}
