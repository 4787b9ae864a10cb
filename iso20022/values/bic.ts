import { isValidBIC } from 'ibantools'

/**
 * Whether a BIC (ISO 9362) has the right form and a country that exists. Its first four characters may be digits too
 * since the edition of 2014; ibantools knows the older form, so they are replaced for its check.
 */
export function isBic(bic: string): boolean {
  return isValidBIC(bic.slice(0, 4).replace(/[0-9]/g, 'A') + bic.slice(4))
}
