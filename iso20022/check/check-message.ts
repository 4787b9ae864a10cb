import { makeProblem, type Problem, UnreadableError } from '../problem.ts'
import { namespaceOf } from '../table/namespaces.ts'
import { documentOf, type MessageName } from '../table/schema.ts'
import { type Bytes, decodeXml } from '../xml/decode.ts'
import { createXmlParser } from '../xml/parse.ts'
import { createWalk } from './walk.ts'

const BYTES_MAX = 1 << 30
const PROBLEMS_MAX = 1_000

/**
 * Compares a document with the table of a message, without the rules of what it means. `namespace` is that of a
 * national form. The document is held in memory.
 */
export async function checkMessage(
  source: Bytes,
  message: MessageName,
  namespace = namespaceOf(message),
): Promise<Problem[]> {
  const problems: Problem[] = []
  const walk = createWalk(documentOf(message), namespace, {
    problem(code, at, fields) {
      if (problems.length < PROBLEMS_MAX) problems.push(makeProblem(code, at, fields))
    },
  })
  const parser = createXmlParser(walk)
  try {
    for await (const text of decodeXml(source, BYTES_MAX)) parser.write(text)
    parser.end()
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error
    problems.push(makeProblem(error.code, { ...(error.at ?? parser.position), path: '' }, error.fields))
  }
  return problems
}
