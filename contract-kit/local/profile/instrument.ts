import { SourceMap, type SourceMapPayload } from 'node:module'
import { type Node, parse } from 'acorn'

/** A line of the author's files. */
export interface Place {
  readonly file: string
  readonly line: number
}

export interface Instrumented {
  readonly script: string
  /** By the number of a question. */
  readonly places: readonly Place[]
}

interface Insertion {
  readonly at: number
  readonly text: string
}

/** A node as the tree has it: its fields are nodes, lists of them, or plain values. */
type Tree = Node & { readonly [field: string]: unknown }

const notBefore: ReadonlySet<string> = new Set(['FunctionDeclaration', 'EmptyStatement'])

/** Puts the question `#n` before every statement, and every body of an arrow function, that stands in a file of the author. */
export function instrument(script: string, sourceMap: string): Instrumented {
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload)
  const places: Place[] = []
  const insertions: Insertion[] = []
  const placeOf = ({ loc }: Node): Place | undefined => {
    const entry = map.findEntry(loc!.start.line - 1, loc!.start.column)
    if (!('originalSource' in entry) || entry.generatedLine !== loc!.start.line - 1) return undefined
    // What the build adds is nobody's file.
    if (/^[a-z]+:/.test(entry.originalSource)) return undefined
    return { file: entry.originalSource, line: entry.originalLine + 1 }
  }
  const ask = (node: Node): string | undefined => {
    const place = placeOf(node)
    if (place === undefined) return undefined
    places.push(place)
    return `host('#${places.length - 1}')`
  }

  walk(parse(script, { ecmaVersion: 2024, sourceType: 'script', locations: true }) as unknown as Tree, (node) => {
    for (const statement of statementsOf(node)) {
      const question = notBefore.has(statement.type) || isDirective(statement) ? undefined : ask(statement)
      if (question !== undefined) insertions.push({ at: statement.start, text: `${question};` })
    }
    if (node.type === 'ArrowFunctionExpression' && node.expression === true) {
      const body = node.body as Tree
      const question = ask(body)
      if (question === undefined) return
      insertions.push({ at: bodyStart(script, body), text: `(${question},` }, { at: node.end, text: ')' })
    }
  })
  return { script: inserted(script, insertions), places }
}

/** Statements that stand in a list, where another one may be put before them. */
function statementsOf(node: Tree): readonly Tree[] {
  if (node.type === 'BlockStatement' || node.type === 'StaticBlock' || node.type === 'Program')
    return node.body as Tree[]
  return node.type === 'SwitchCase' ? (node.consequent as Tree[]) : []
}

function isDirective(node: Tree): boolean {
  return typeof node.directive === 'string'
}

/** An expression in parentheses begins before its node: behind the arrow. */
function bodyStart(script: string, body: Tree): number {
  return script.lastIndexOf('=>', body.start) + 2
}

function walk(node: Tree, visit: (node: Tree) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) for (const each of value) walkInto(each, visit)
    else walkInto(value, visit)
  }
}

function walkInto(value: unknown, visit: (node: Tree) => void): void {
  if (typeof value === 'object' && value !== null && 'type' in value && 'start' in value) walk(value as Tree, visit)
}

function inserted(script: string, insertions: Insertion[]): string {
  // Of those at one place, what was found first is outermost.
  const sorted = insertions
    .map((insertion, order) => ({ ...insertion, order }))
    .sort((a, b) => a.at - b.at || a.order - b.order)
  let text = ''
  let from = 0
  for (const { at, text: added } of sorted) {
    text += script.slice(from, at) + added
    from = at
  }
  return text + script.slice(from)
}
