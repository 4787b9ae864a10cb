import { checkDigits97, remainder97 } from './checksum.ts'

/** Whether the check digits of a legal entity identifier are right: ISO 17442 by ISO 7064 MOD 97-10. */
export function isLeiChecksumRight(lei: string): boolean {
  return remainder97(lei) === 1
}

/** The LEI of its first 18 characters, with computed check digits. */
export function makeLei(prefix: string): string {
  if (!/^[A-Z0-9]{18}$/.test(prefix)) throw new RangeError(`an LEI starts with 18 letters and digits: "${prefix}"`)
  return prefix + checkDigits97(prefix)
}
