import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function git(...args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

/** What the figures were measured on. */
export function aboutMachine() {
  return {
    cpu: cpus()[0].model,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
  }
}

/** @returns versions; `commit` is absent without git, and `changed` tells of files that no commit has. */
export function aboutVersions() {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const commit = existsSync(`${root}/.git`) ? git('rev-parse', 'HEAD') : undefined
  const changed = commit === undefined ? undefined : git('status', '--porcelain', '--untracked-files=no') !== ''
  return { tallystick: version, node: process.version, v8: process.versions.v8, commit, changed }
}
