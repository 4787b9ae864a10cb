import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { isContractName } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import { type InstalledPackage, installedPackages } from './installation.ts'
import { linkPackages } from './link-packages.ts'

/** Files of the template, and what they are called in a project: packages leave out some names when they are published. */
const files: Readonly<Record<string, string>> = {
  'contract.ts': 'contract.ts',
  'contract.test.ts': 'contract.test.ts',
  'package.json': 'package.json',
  'tsconfig.json': 'tsconfig.json',
  'vitest.config.ts': 'vitest.config.ts',
  'README.md': 'README.md',
  gitignore: '.gitignore',
  'vscode/launch.json': '.vscode/launch.json',
}
const nameInTemplate = 'promises'

export interface NewProject {
  readonly folder: string
  /** Of the contract. */
  readonly name: string
  /** From the folder. */
  readonly files: readonly string[]
}

/**
 * Writes a project whose tests pass, and links the packages that it needs.
 * @param folder - Absolute; new or empty.
 * @throws {CliError} CONTRACT_FOLDER_TAKEN, VALUE_INVALID if no name of a contract can be made of the folder's.
 */
export async function newProject(folder: string): Promise<NewProject> {
  const name = contractNameOf(basename(folder))
  await expectEmpty(folder)
  const { kit, others } = installedPackages()
  const dependencies = Object.fromEntries([kit, ...others].map((each) => [each.name, dependencyOf(each, folder)]))
  for (const [from, to] of Object.entries(files)) {
    const text = await readFile(join(kit.folder, 'template', from), 'utf8')
    const path = join(folder, to)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, filled(from, text, name, dependencies), { flag: 'wx' })
  }
  await linkPackages(folder)
  return { folder, name, files: Object.values(files) }
}

/** A name that a contract may have: `My deal 2` is `my-deal-2`. */
function contractNameOf(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^[^A-Za-z]+|-$/g, '')
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase())
  if (!isContractName(name)) {
    throw new CliError(
      'VALUE_INVALID',
      `"${text}" makes no name: a letter, then letters, digits and hyphens, at most 64`,
    )
  }
  return name
}

async function expectEmpty(folder: string): Promise<void> {
  const known = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new CliError('CONTRACT_FOLDER_TAKEN', `${folder} can not be used (${error.code})`)
  })
  if (known === undefined) return
  if (!known.isDirectory()) throw new CliError('CONTRACT_FOLDER_TAKEN', `${folder} is a file`)
  if ((await readdir(folder)).length > 0) throw new CliError('CONTRACT_FOLDER_TAKEN', `${folder} is not empty`)
}

/** What is not in a registry is named by its folder. */
function dependencyOf({ folder, version, isPublished }: InstalledPackage, project: string): string {
  return isPublished ? version : `file:${relative(resolve(project), folder).split(sep).join('/')}`
}

function filled(file: string, text: string, name: string, dependencies: Readonly<Record<string, string>>): string {
  if (file === 'package.json') {
    const json = JSON.parse(text) as object
    return `${JSON.stringify({ ...json, name: name.toLowerCase(), devDependencies: dependencies }, null, 2)}\n`
  }
  if (file === 'contract.ts') return text.replace(`name: '${nameInTemplate}'`, `name: '${name}'`)
  return file === 'README.md' ? text.replaceAll('{name}', name) : text
}
