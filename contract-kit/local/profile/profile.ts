import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './instrument.ts'

/** Of one line: how often its statements ran, and the fuel that they took, what they called included. */
export interface LineCost {
  readonly line: number
  readonly hits: number
  readonly fuel: number
}

export interface FileProfile {
  readonly file: string
  readonly lines: readonly LineCost[]
}

interface Sum {
  hits: number
  fuel: number
}

/** What the lines of contracts cost, over all calls. */
export class Profile {
  readonly #files = new Map<string, Map<number, Sum>>()

  /** A line that can run, whether it does or not. */
  know({ file, line }: Place): void {
    this.#sumOf(file, line)
  }

  add({ file, line }: Place, hits: number, fuel: number): void {
    const sum = this.#sumOf(file, line)
    sum.hits += hits
    sum.fuel += fuel
  }

  merge(files: readonly FileProfile[]): void {
    for (const { file, lines } of files) for (const { line, hits, fuel } of lines) this.add({ file, line }, hits, fuel)
  }

  get files(): FileProfile[] {
    return [...this.#files].map(([file, lines]) => ({
      file,
      lines: [...lines].map(([line, sum]) => ({ line, ...sum })).sort((a, b) => a.line - b.line),
    }))
  }

  /** Adds a file with all of it to a folder, for a report over several processes. */
  save(folder: string): void {
    if (this.#files.size === 0) return
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, `profile-${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}.json`),
      JSON.stringify(this.files),
    )
  }

  /** Of all files that `save` wrote to a folder. */
  static load(folder: string): Profile {
    const profile = new Profile()
    for (const name of readdirSync(folder).filter((each) => each.startsWith('profile-'))) {
      profile.merge(JSON.parse(readFileSync(join(folder, name), 'utf8')) as FileProfile[])
    }
    return profile
  }

  #sumOf(file: string, line: number): Sum {
    let lines = this.#files.get(file)
    if (lines === undefined) {
      lines = new Map()
      this.#files.set(file, lines)
    }
    let sum = lines.get(line)
    if (sum === undefined) {
      sum = { hits: 0, fuel: 0 }
      lines.set(line, sum)
    }
    return sum
  }
}
