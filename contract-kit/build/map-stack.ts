import { SourceMap, type SourceMapPayload } from 'node:module'

/** A line of a stack. Without a place in the author's files it is one of the kit, or of the language itself. */
export interface StackFrame {
  readonly name: string
  readonly of: 'contract' | 'kit' | 'language'
  readonly place?: { readonly file: string; readonly line: number; readonly column: number }
}

/** As QuickJS prints it. */
const frameForm = /^\s*at (.*?) \((?:contract:(\d+):(\d+)|(native)|.*)\)$/
/** The machine puts one line before a script: see `ContractImage`. */
const linesBefore = 1
/** What the build adds to the author's files. */
const kitSources = /^(entry|kit):/
const framesMax = 100

/**
 * Where in the author's files a stack is.
 * @param stack - Of a contract that threw or refused. @param sourceMap - Of its build.
 * @returns frames from the innermost on; lines and columns count from 1.
 */
export function stackFrames(stack: string, sourceMap: string): StackFrame[] {
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload)
  return stack
    .split('\n')
    .slice(0, framesMax)
    .flatMap((text) => frameOf(text, map))
}

function frameOf(text: string, map: SourceMap): StackFrame[] {
  const [, name, line, column, native] = frameForm.exec(text) ?? []
  if (name === undefined) return []
  const place = line === undefined ? undefined : placeOf(map, Number(line) - linesBefore, Number(column))
  if (place !== undefined) return [{ name, of: 'contract', place }]
  return [{ name, of: native === undefined ? 'kit' : 'language' }]
}

/**
 * The same as text, one frame to a line, down to the last one of the author's files.
 * @example `    at run (src/escrow.ts:41:13)`
 */
export function mapStack(stack: string, sourceMap: string): string {
  const frames = stackFrames(stack, sourceMap)
  const count = frames.findLastIndex(({ of }) => of === 'contract') + 1
  return frames
    .slice(0, count || frames.length)
    .map(lineOf)
    .join('\n')
}

function lineOf({ name, of, place }: StackFrame): string {
  const where = place === undefined ? of : `${place.file}:${place.line}:${place.column}`
  return `    at ${name} (${where})`
}

function placeOf(map: SourceMap, line: number, column: number): StackFrame['place'] {
  const entry = map.findEntry(line - 1, column - 1)
  if (!('originalSource' in entry) || kitSources.test(entry.originalSource)) return undefined
  return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
}
