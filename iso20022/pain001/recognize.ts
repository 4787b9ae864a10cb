import { excerpt, type Position, UnreadableError } from '../problem.ts'
import {
  isKnownMessage,
  messageOfElement,
  messageOfNamespace,
  type NamedMessage,
  titleOf,
} from '../table/namespaces.ts'
import { MESSAGES, type Pain001Version } from '../table/schema.ts'

const EXPECTED = 'pain.001'

/** The versions of pain.001 that the tables describe. */
export const PAIN001_VERSIONS = Object.keys(MESSAGES).filter(isPain001)

export interface Recognized extends NamedMessage {
  readonly base: Pain001Version
}

/**
 * Which message a root element begins; nothing if its namespace names none, and the element below must tell.
 * @throws {UnreadableError} that names what came instead of a pain.001.
 */
export function recognizeRoot(element: string, namespace: string, at: Position): Recognized | undefined {
  const named = messageOfNamespace(namespace)
  if (element !== 'Document') {
    if (named) throw unexpected(named.name, at)
    const fields = { element: excerpt(element), namespace: excerpt(namespace) }
    throw new UnreadableError('ISO20022_ROOT_UNKNOWN', fields, at)
  }
  if (!named) return undefined
  const { base } = named
  if (isPain001(base)) return { ...named, base }
  if (!base.startsWith(EXPECTED)) throw unexpected(named.name, at)
  const fields = { message: named.name, versions: PAIN001_VERSIONS.join(', ') }
  throw new UnreadableError('ISO20022_MESSAGE_VERSION', fields, at)
}

/** Refuses a document without a known namespace, by the element below `Document` where that tells what it is. */
export function refuseUnknownNamespace(element: string, namespace: string, at: Position): never {
  const guess = messageOfElement(element)
  if (guess !== undefined && guess !== EXPECTED) throw unexpected(guess, at)
  throw new UnreadableError(
    'ISO20022_NAMESPACE_UNKNOWN',
    { element: guess ? element : 'Document', namespace: excerpt(namespace) },
    at,
  )
}

function unexpected(message: string, at: Position): UnreadableError {
  const fields = { message, title: titleOf(message), expected: EXPECTED }
  return new UnreadableError('ISO20022_MESSAGE_UNEXPECTED', fields, at)
}

function isPain001(name: string): name is Pain001Version {
  return isKnownMessage(name) && name.startsWith(EXPECTED)
}
