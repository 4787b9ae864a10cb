import { getCountrySpecifications } from 'ibantools'
import { checkDigits97, remainder97 } from './checksum.ts'

const COUNTRIES = getCountrySpecifications()

export type IbanFault = 'country' | 'structure' | 'checksum'

/** The form that is compared and stored: without white space, in capital letters. */
export function canonicalIban(iban: string): string {
  return iban.replace(/\s/g, '').toUpperCase()
}

/**
 * What is wrong with an IBAN (ISO 13616): a country without IBANs, a length or structure that is not its country's, or
 * check digits that fail ISO 7064 MOD 97-10 or lie outside of 02 to 98. Check digits inside of the national account
 * number are the business of its bank.
 */
export function ibanFaults(text: string): IbanFault[] {
  const iban = canonicalIban(text)
  const faults: IbanFault[] = []
  const country = Object.hasOwn(COUNTRIES, iban.slice(0, 2)) ? COUNTRIES[iban.slice(0, 2)] : undefined
  if (!country?.chars || !country.bban_regexp) faults.push('country')
  else if (iban.length !== country.chars || !new RegExp(country.bban_regexp).test(iban.slice(4))) {
    faults.push('structure')
  }
  const digits = iban.slice(2, 4)
  const inRange = digits >= '02' && digits <= '98'
  if (!inRange || remainder97(iban.slice(4) + iban.slice(0, 4)) !== 1) faults.push('checksum')
  return faults
}

/**
 * The IBAN of a national account number (BBAN), with computed check digits.
 * @throws {RangeError} if the country has no IBANs, or the number is not of its form.
 */
export function makeIban(country: string, bban: string): string {
  const number = canonicalIban(bban)
  const iban = `${country}${checkDigits97(number + country)}${number}`
  if (ibanFaults(iban).length > 0) throw new RangeError(`"${bban}" is not an account number of the form of ${country}`)
  return iban
}
