import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether this user may mount a file system of its own (user namespaces can be switched off). */
export const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

/** A file system of its own over one folder, that only processes started under `wrapper` see. Ends with `remove`. */
export class SmallDisk {
  readonly #keeper: ChildProcess
  readonly #folder: string

  private constructor(keeper: ChildProcess, folder: string) {
    this.#keeper = keeper
    this.#folder = folder
  }

  static async over(folder: string, bytes: number): Promise<SmallDisk> {
    const script = `mount -t tmpfs -o size=${bytes} none "$1" && echo mounted && exec sleep 1000`
    const isolated = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', folder]
    const keeper = spawn('unshare', isolated, { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve, reject) => {
      keeper.stdout!.once('data', resolve)
      keeper.once('exit', (code) => reject(new Error(`no file system could be mounted: ${code}`)))
    })
    return new SmallDisk(keeper, folder)
  }

  /** Runs a command where the file system is. */
  get wrapper(): string[] {
    return ['nsenter', '--preserve-credentials', '--user', '--mount', '--target', String(this.#keeper.pid)]
  }

  async #shell(script: string): Promise<void> {
    const [command, ...args] = this.wrapper
    await run(command!, [...args, 'sh', '-c', script, 'sh', this.#folder])
  }

  /** Takes all room but so many KiB, or all of it where others write meanwhile. */
  fill(leaveKib: number): Promise<void> {
    const kib = `$(($(df -k --output=avail "$1" | tail -n 1) - ${leaveKib}))`
    return this.#shell(
      `head -c ${kib}K /dev/zero > "$1/filler" || [ "$(df -k --output=avail "$1" | tail -n 1)" -lt ${leaveKib} ]`,
    )
  }

  empty(): Promise<void> {
    return this.#shell('rm "$1/filler"')
  }

  async remove(): Promise<void> {
    const ended = new Promise((resolve) => this.#keeper.once('exit', resolve))
    if (this.#keeper.kill('SIGKILL')) await ended
  }
}
