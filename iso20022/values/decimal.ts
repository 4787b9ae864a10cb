/**
 * An exact decimal, `units` · 10^−`scale`, with no zeros at the end of its fraction: equal numbers are equal field by
 * field. Sums of money never pass through floating point.
 */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

export const ZERO: Decimal = { units: 0n, scale: 0 }

const LEXICAL = /^([+-]?)(\d*)(?:\.(\d*))?$/

/** Reads a number as `xs:decimal` writes it (XML Schema part 2, 3.2.3): no exponent, sign and point optional. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = LEXICAL.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = ''] = match
  if (whole === '' && fraction === '') return undefined
  const significant = fraction.replace(/0+$/, '')
  const units = BigInt(whole + significant)
  return { units: sign === '-' ? -units : units, scale: significant.length }
}

/** The exact sum. */
export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return normalize(unitsAt(a, scale) + unitsAt(b, scale), scale)
}

export function equalDecimals(a: Decimal, b: Decimal): boolean {
  return a.units === b.units && a.scale === b.scale
}

/** Digits without leading zeros: what `totalDigits` of XML Schema counts. */
export function digitsOf({ units, scale }: Decimal): number {
  const digits = (units < 0n ? -units : units).toString().length
  return Math.max(digits, scale)
}

/** The number in units of 10^−`scale`, or nothing if that drops digits. */
export function toMinorUnits(value: Decimal, scale: number): bigint | undefined {
  return value.scale > scale ? undefined : unitsAt(value, scale)
}

/** The number with at least `fractionDigits` decimals, without an exponent. */
export function formatDecimal({ units, scale }: Decimal, fractionDigits = 0): string {
  const wanted = Math.max(scale, fractionDigits)
  const digits = unitsAt({ units: units < 0n ? -units : units, scale }, wanted)
    .toString()
    .padStart(wanted + 1, '0')
  const sign = units < 0n ? '-' : ''
  return wanted === 0 ? sign + digits : `${sign}${digits.slice(0, -wanted)}.${digits.slice(-wanted)}`
}

/** The decimal of an amount in minor units: 1234 with two decimals is 12.34. */
export function fromMinorUnits(amountMinor: bigint, scale: number): Decimal {
  return normalize(amountMinor, scale)
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale)
}

function normalize(units: bigint, scale: number): Decimal {
  let [left, places] = [units, scale]
  while (places > 0 && left % 10n === 0n) {
    left /= 10n
    places -= 1
  }
  return { units: left, scale: places }
}
