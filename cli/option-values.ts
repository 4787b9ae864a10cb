import { CliError } from './errors.ts'

/** @throws {CliError} VALUE_INVALID unless the text is an integer from `min` to `max`. */
export function integerOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d{1,15}$/.test(text) || value < min || value > max) {
    throw new CliError('VALUE_INVALID', `${name} is an integer from ${min} to ${max}, not "${text}"`)
  }
  return value
}

/** @throws {CliError} VALUE_INVALID unless the text is `count` bytes in lower-case hexadecimal. */
export function hexOption(name: string, text: string, count: number): Uint8Array {
  if (text.length !== count * 2 || !/^[0-9a-f]*$/.test(text)) {
    throw new CliError('VALUE_INVALID', `${name} is ${count} bytes in hexadecimal, not "${text.slice(0, 80)}"`)
  }
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/** @throws {CliError} VALUE_INVALID unless the text is one of the names. */
export function choiceOption<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found === undefined) throw new CliError('VALUE_INVALID', `${name} is one of ${choices.join(', ')}, not "${text}"`)
  return found
}

/** Of an option that may be given several times: all its values. */
export function several(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
