import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../bin/tallystick.mjs', import.meta.url))

/** Whether there is something to run: the tests are of the built command. */
export const isBuilt = existsSync(fileURLToPath(new URL('../dist/main.js', import.meta.url)))

export interface Ended {
  readonly exit: number | null
  readonly output: string
  readonly errors: string
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when the output has the text. @throws if the command ends before. */
  until(text: string): Promise<void>
}

/** Starts `tallystick …` in a folder, without a terminal. */
export function start(cwd: string, ...argv: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  const waiting = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const check of waiting) check()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exit) => resolve({ exit, output, errors }))
  })
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!output.includes(text)) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
      ended.then(() => reject(new Error(`it ended before "${text}": ${output}${errors}`)))
    })
  return { child, ended, until }
}

/** Runs `tallystick …` to its end. */
export function tallystick(cwd: string, ...argv: readonly string[]): Promise<Ended> {
  return start(cwd, ...argv).ended
}

/** The JSON that a command prints. @throws with its errors if it fails. */
export async function tallystickJson<T>(cwd: string, ...argv: readonly string[]): Promise<T> {
  const { exit, output, errors } = await tallystick(cwd, ...argv, '--json')
  if (exit !== 0) throw new Error(`tallystick ${argv.join(' ')} ended with ${exit}: ${errors}`)
  return JSON.parse(output) as T
}
