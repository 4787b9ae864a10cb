import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FileProfile } from './profile.ts'

const dearestLines = 10

/** Each file's share of lines that ran, and its dearest lines with their text. @param folder - Where the files' names begin. */
export function describeProfile(files: readonly FileProfile[], folder: string): string {
  return files
    .map(({ file, lines }) => {
      const ran = lines.filter(({ hits }) => hits > 0)
      const missed = lines.filter(({ hits }) => hits === 0).map(({ line }) => line)
      const text = textOf(resolve(folder, file))
      const all = ran.reduce((sum, { fuel }) => sum + fuel, 0)
      const dearest = [...ran].sort((a, b) => b.fuel - a.fuel).slice(0, dearestLines)
      return [
        `${file}: ${ran.length} of ${lines.length} lines ran${missed.length === 0 ? '' : `, not ${ranges(missed)}`}`,
        ...dearest.map(({ line, hits, fuel }) => {
          const share = all === 0 ? 0 : Math.round((100 * fuel) / all)
          return `  ${String(fuel).padStart(12)} fuel ${String(share).padStart(3)} % ${String(hits).padStart(8)} times  ${line}: ${text[line - 1]?.trim() ?? ''}`
        }),
      ].join('\n')
    })
    .join('\n')
}

/** For editors and coverage tools. */
export function lcovOf(files: readonly FileProfile[], folder: string): string {
  return files
    .map(({ file, lines }) =>
      [
        `SF:${resolve(folder, file)}`,
        ...lines.map(({ line, hits }) => `DA:${line},${hits}`),
        `LF:${lines.length}`,
        `LH:${lines.filter(({ hits }) => hits > 0).length}`,
        'end_of_record\n',
      ].join('\n'),
    )
    .join('')
}

function textOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
}

/** @example `4, 7-9` */
function ranges(lines: readonly number[]): string {
  const texts: string[] = []
  for (let i = 0; i < lines.length; ) {
    let end = i
    while (lines[end + 1] === lines[end]! + 1) end++
    texts.push(end === i ? `${lines[i]}` : `${lines[i]}-${lines[end]}`)
    i = end + 1
  }
  return texts.join(', ')
}
