import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import path from 'node:path'
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import type { BuildCode } from './errors.ts'
import { packageFileOf } from './packages.ts'
import { leavesProject, type Project, resolveInProject } from './project.ts'

/** What went into a bundle. */
export interface Collected {
  /** The author's own files. */
  readonly files: Map<string, string>
  /** Versions of packages, by name. */
  readonly packages: Map<string, string>
}

const kitName = '@tallystick/contract-kit'
/** Whose file it is. None has a path of this computer. */
const namespaces = { entry: 'entry', kit: 'kit', contract: 'contract', package: 'package' } as const

/** Sets what the machine calls; `host` is in the scope of a script. */
function entryText(entry: string): string {
  return `import { contract } from ${JSON.stringify(`./${entry}`)}
globalThis.contract = (text) => contract.dispatch(text, host)`
}

/** Decides what every import of a contract means, and reads it. */
export function bundlePlugin(
  project: Project,
  entry: string,
  kitNames: readonly string[],
  collected: Collected,
): Plugin {
  return {
    name: 'contract',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => {
        if (args.pluginData === resolvingPackage) return undefined
        if (args.kind === 'entry-point') return { path: 'contract', namespace: namespaces.entry }
        if (args.namespace === namespaces.entry) return { path: entry, namespace: namespaces.contract }
        return resolveImport(build, project, args)
      })
      const load = (namespace: string, read: (file: string, from: unknown) => OnLoadResult): void =>
        build.onLoad({ filter: /.*/, namespace }, ({ path: file, pluginData }) => read(file, pluginData))
      load(namespaces.entry, () => ({ contents: entryText(entry), loader: 'js' }))
      load(namespaces.kit, () => ({ contents: `export const { ${kitNames.join(', ')} } = kit`, loader: 'js' }))
      load(namespaces.contract, (file) => {
        const contents = project.read(file)!
        collected.files.set(file, contents)
        return { contents, loader: loaderOf(file) }
      })
      load(namespaces.package, (file, absolute) => {
        const { name, version } = packageFileOf(absolute as string)!
        collected.packages.set(name, version)
        return {
          contents: readFileSync(absolute as string, 'utf8'),
          loader: loaderOf(file),
          resolveDir: path.dirname(absolute as string),
        }
      })
    },
  }
}

const resolvingPackage = Symbol('resolving a package')

async function resolveImport(build: PluginBuild, project: Project, args: OnResolveArgs): Promise<OnResolveResult> {
  const { path: specifier, importer, namespace, kind } = args
  const isOwn = namespace === namespaces.contract
  if (specifier === kitName) return { path: kitName, namespace: namespaces.kit, sideEffects: false }
  if (isForbidden(specifier))
    return refused('BUILD_IMPORT_FORBIDDEN', `"${specifier}" can not be imported by a contract`)
  if (isOwn && kind !== 'import-statement') {
    return refused('BUILD_IMPORT_FORBIDDEN', `"${specifier}": a contract has import statements alone`)
  }
  if (isOwn && specifier.startsWith('.')) return resolveOwn(project, importer, specifier)
  return resolvePackage(build, args, isOwn ? project.packagesFrom : args.resolveDir)
}

function isForbidden(specifier: string): boolean {
  return (
    specifier.startsWith(`${kitName}/`) ||
    /^[a-z][a-z0-9+.-]*:/i.test(specifier) ||
    path.isAbsolute(specifier) ||
    builtinModules.includes(specifier)
  )
}

function resolveOwn(project: Project, importer: string, specifier: string): OnResolveResult {
  if (leavesProject(path.posix.join(path.posix.dirname(importer), specifier))) {
    return refused('BUILD_IMPORT_FORBIDDEN', `"${specifier}" lies outside the project`)
  }
  const file = resolveInProject(project, importer, specifier)
  if (file === undefined) return refused('BUILD_IMPORT_NOT_FOUND', `there is no file "${specifier}"`)
  return { path: file, namespace: namespaces.contract }
}

async function resolvePackage(build: PluginBuild, args: OnResolveArgs, resolveDir: string): Promise<OnResolveResult> {
  const { path: specifier, kind } = args
  const found = await build.resolve(specifier, { kind, resolveDir, pluginData: resolvingPackage })
  if (found.errors.length > 0) return refused('BUILD_IMPORT_NOT_FOUND', `there is no package "${specifier}"`)
  const packageFile = found.namespace === 'file' ? packageFileOf(found.path) : undefined
  if (packageFile === undefined) {
    return refused(
      'BUILD_IMPORT_FORBIDDEN',
      `"${specifier}" is no package from the registry, but a folder of this computer`,
    )
  }
  const { name, version, file } = packageFile
  return {
    path: `${name}@${version}/${file}`,
    namespace: namespaces.package,
    sideEffects: found.sideEffects,
    pluginData: found.path,
  }
}

/** The code comes back beside the place of the import. */
function refused(code: BuildCode, text: string): OnResolveResult {
  return { errors: [{ text, detail: { code } }] }
}

export function problemOfDetail(detail: unknown): BuildCode | undefined {
  return (detail as { code?: BuildCode } | undefined)?.code
}

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.json': 'json',
}

function loaderOf(file: string): Loader {
  return loaders[path.extname(file)] ?? 'js'
}
