import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const compiled = new URL('../../dist/storage/index.js', import.meta.url)

/**
 * Starts a process that runs a script against the compiled storage module, which the script knows as `storage`.
 * It is killed when the test ends.
 */
export function startChild(folder: string, script: string): ChildProcess {
  if (!existsSync(compiled)) throw new Error('node/dist/storage is missing: run `npm run build` first')
  const file = join(folder, 'child.mjs')
  writeFileSync(file, `import * as storage from ${JSON.stringify(compiled.href)}\n${script}`)
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Resolves with the standard output so far as soon as it fulfils the condition. */
export function outputOf(child: ChildProcess, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (enough(text)) resolve(text)
    })
    child.on('exit', (code) => reject(new Error(`the process ended with ${code} after printing ${text}`)))
  })
}

export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.on('exit', () => resolve()))
}
