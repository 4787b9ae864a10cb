import { existsSync } from 'node:fs'
import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type InstalledPackage, installedPackages } from './installation.ts'

/** Whether modules of a folder find the kit. */
export function findsKit(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'node_modules', '@tallystick', 'contract-kit', 'package.json'))) return true
    if (at === dirname(at)) return false
  }
}

/** Links the packages of this installation into a project, as npm does for dependencies that are folders. */
export async function linkPackages(project: string): Promise<void> {
  const { kit, others } = installedPackages()
  for (const each of [kit, ...others]) await linkPackage(project, each)
}

async function linkPackage(project: string, { name, folder, bin }: InstalledPackage): Promise<void> {
  const modules = join(project, 'node_modules')
  await link(join(modules, name), folder)
  if (bin !== undefined) await link(join(modules, '.bin', name), join(folder, bin))
}

/** Makes a link, in the place of one that leads elsewhere. What is no link stays: somebody installed it. */
async function link(path: string, target: string): Promise<void> {
  const text = relative(dirname(path), target)
  const known = await lstat(path).catch(() => undefined)
  if (known !== undefined && (!known.isSymbolicLink() || (await readlink(path)) === text)) return
  await rm(path, { force: true })
  await mkdir(dirname(path), { recursive: true })
  await symlink(text, path)
}
