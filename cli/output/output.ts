import pc from 'picocolors'
import type { Failure } from '../errors.ts'
import { type Progress, startProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

export type Colors = ReturnType<typeof pc.createColors>

/** What a command prints: words for people, or with --json one JSON document. */
export interface Output {
  readonly json: boolean
  readonly colors: Colors
  /** For people only. */
  line(text?: string): void
  /** The result: `value` with --json, otherwise the lines. */
  result(value: unknown, lines: readonly string[]): void
  /** On the error stream, so that a result before it stays one document. */
  failure(failure: Failure): void
  progress(label: string, total: number): Progress
}

function wantsColors({ env, isInteractive }: Terminal): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  return isInteractive && env.TERM !== 'dumb'
}

/** JSON as machines get it: amounts as decimal strings, bytes as hexadecimal. */
export function toJsonText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return item.toString()
    return item instanceof Uint8Array ? Buffer.from(item).toString('hex') : item
  })
}

export function createOutput(terminal: Terminal, json: boolean): Output {
  const colors = pc.createColors(!json && wantsColors(terminal))
  return {
    json,
    colors,
    line: (text = '') => {
      if (!json) terminal.write(`${text}\n`)
    },
    result: (value, lines) => {
      if (json) terminal.write(`${toJsonText(value)}\n`)
      else for (const text of lines) terminal.write(`${text}\n`)
    },
    failure: ({ code, message, remedy, docs, fields }) => {
      if (json) terminal.writeError(`${toJsonText({ error: { ...fields, code, message, remedy, docs } })}\n`)
      else terminal.writeError(`${colors.red(`error ${code}`)}: ${message}\n  ${remedy}\n  ${docs}\n`)
    },
    progress: (label, total) => startProgress(terminal, json, label, total),
  }
}
