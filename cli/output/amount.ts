import { CliError } from '../errors.ts'

/** `123456n` with 2 decimals is `1,234.56`. */
export function formatAmount(minor: bigint, decimals: number): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`
  return `${minor < 0n ? '-' : ''}${whole}${fraction}`
}

/** `1234.5` with 2 decimals is `123450n`. @throws {CliError} VALUE_INVALID unless it is an amount that fits. */
export function parseMinor(text: string, decimals: number): bigint {
  const match = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text)
  const fraction = match?.[2] ?? ''
  if (match === null || fraction.length > decimals) {
    throw new CliError(
      'VALUE_INVALID',
      `"${text}" is no amount with at most ${decimals} decimals, such as ${formatAmount(12_345n, decimals)}`,
    )
  }
  return BigInt(match[1] + fraction.padEnd(decimals, '0'))
}

/** The same, above zero. @throws {CliError} VALUE_INVALID */
export function parseAmount(text: string, decimals: number): bigint {
  const minor = parseMinor(text, decimals)
  if (minor === 0n) throw new CliError('VALUE_INVALID', 'an amount is above zero')
  return minor
}
