import type { Position } from '../problem.ts'
import type { TypeNode } from '../table/schema.ts'

/** One element that the table knows, with what it holds. */
export interface MessageNode extends Position {
  readonly name: string
  readonly type: TypeNode
  readonly parent: MessageNode | undefined
  /** Which of its name it is inside of its parent, from 1; 0 where only one may stand. */
  readonly occurrence: number
  readonly attributes: Map<string, string>
  readonly children: MessageNode[]
  /** The value: white space dropped where its format drops it. */
  value: string
  /** Whether the value has the format of its component. */
  isValid: boolean
}

/** Names from `Document` to the node: `Document/CstmrCdtTrfInitn/PmtInf[2]/Dbtr`. */
export function pathOf(node: MessageNode): string {
  const name = node.occurrence > 0 ? `${node.name}[${node.occurrence}]` : node.name
  return node.parent ? `${pathOf(node.parent)}/${name}` : name
}

/** The first node below `node` along the names, by way of the first of each name. */
export function find(node: MessageNode | undefined, ...names: readonly string[]): MessageNode | undefined {
  let found = node
  for (const name of names) found = found?.children.find((child) => child.name === name)
  return found
}

/** All children of a name. */
export function findAll(node: MessageNode | undefined, name: string): MessageNode[] {
  return node?.children.filter((child) => child.name === name) ?? []
}

/** The value of the first node below `node` along the names, if it is there. */
export function valueAt(node: MessageNode | undefined, ...names: readonly string[]): string | undefined {
  const found = find(node, ...names)
  return found === undefined ? undefined : detached(found.value)
}

/**
 * The same text with memory of its own. The engine keeps a text that was cut from a longer one as a reference into it,
 * so one identifier that is kept would keep the whole piece of the file that it came from.
 */
export function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
