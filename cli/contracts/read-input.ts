import { resolve } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { callInputBytesMax, type JsonValue, parseJson } from '@tallystick/core/protocol'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import { readTextFile } from '../read-file.ts'

/**
 * The input of a call: JSON itself, `@FILE`, or `-` for the standard input; `{}` if nothing is given.
 * @throws {CliError} FILE_UNREADABLE, VALUE_INVALID if it is not JSON.
 */
export async function readInput({ terminal }: Context, given: string): Promise<JsonValue> {
  const text = await textOfInput(terminal.cwd, given)
  if (Buffer.byteLength(text) > callInputBytesMax) {
    throw new CliError('VALUE_INVALID', `the input is longer than ${callInputBytesMax} bytes`)
  }
  const value = parseJson(text)
  if (value !== undefined) return value
  throw new CliError('VALUE_INVALID', `the input is not JSON of at most 64 levels: ${faultIn(text)}`)
}

async function textOfInput(cwd: string, given: string): Promise<string> {
  if (given === '') return '{}'
  if (given === '-') return textOf(process.stdin)
  return given.startsWith('@') ? readTextFile(resolve(cwd, given.slice(1)), callInputBytesMax) : given
}

function faultIn(text: string): string {
  try {
    JSON.parse(text)
    return 'too deep'
  } catch (error) {
    return (error as Error).message
  }
}
