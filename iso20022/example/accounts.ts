import { makeIban } from '../values/iban.ts'
import { makeLei } from '../values/lei.ts'
import { createRandom, type RandomSource } from './random.ts'

/** An account of the example, with its owner. */
export interface ExampleAccount {
  readonly name: string
  /** People are paid salaries, companies invoices. */
  readonly kind: 'company' | 'person'
  readonly currency: string
  readonly iban?: string
  /** An account number without IBAN. One of `iban` and `other` must be there. */
  readonly other?: string
  readonly bic?: string
  readonly lei?: string
  readonly country?: string
  readonly town?: string
}

/** Countries with the form of their account numbers; A is a letter, 9 a digit. Banks and branches are made up. */
const PLACES = [
  { country: 'DE', town: 'Hamburg', bank: 'NORD', form: '999999999999999999' },
  { country: 'AT', town: 'Graz', bank: 'ALPN', form: '9999999999999999' },
  { country: 'CH', town: 'Winterthur', bank: 'EULA', form: '99999999999999999' },
  { country: 'GB', town: 'Leeds', bank: 'PENN', form: 'PENN99999999999999' },
  { country: 'IE', town: 'Cork', bank: 'LEEB', form: 'LEEB99999999999999' },
  { country: 'LU', town: 'Luxembourg', bank: 'MOSL', form: '9999999999999999' },
  { country: 'LT', town: 'Kaunas', bank: 'NEMU', form: '9999999999999999' },
] as const

/** Where accounts in a currency are kept; a place without IBANs keeps numbers of its own. */
const BY_CURRENCY: Readonly<Record<string, readonly string[]>> = {
  EUR: ['DE', 'AT', 'IE', 'LU', 'LT'],
  USD: ['US', 'LU', 'GB'],
  CHF: ['CH'],
  GBP: ['GB'],
  JPY: ['JP'],
}

const ABROAD: Readonly<Record<string, { readonly town: string; readonly bic: string; readonly digits: number }>> = {
  US: { town: 'Baltimore', bic: 'CHSPUS3M', digits: 10 },
  JP: { town: 'Nagoya', bic: 'KISOJPJ2', digits: 14 },
}

const TRADES = [
  'Logistics',
  'Packaging',
  'Tooling',
  'Software',
  'Energy',
  'Catering',
  'Instruments',
  'Timber',
  'Textiles',
]
const HOUSES = [
  'Ahlgren',
  'Brandt',
  'Corvin',
  'Delmont',
  'Ekström',
  'Fiore',
  'Grünwald',
  'Hartley',
  'Iversen',
  'Jansen',
]
const FORMS: Readonly<Record<string, string>> = {
  DE: 'GmbH',
  AT: 'GmbH',
  CH: 'AG',
  GB: 'Ltd',
  IE: 'Ltd',
  LU: 'S.A.',
  LT: 'UAB',
  US: 'Inc.',
  JP: 'K.K.',
}
const GIVEN = [
  'Anna',
  'Bruno',
  'Chiara',
  'David',
  'Elif',
  'Filip',
  'Greta',
  'Hugo',
  'Inês',
  'Jonas',
  'Katarzyna',
  'Liam',
]
const FAMILY = [
  'Alm',
  'Bauer',
  'Costa',
  'Dubois',
  'Egger',
  'Fischer',
  'Greco',
  'Huber',
  'Ivanova',
  'Jensen',
  'Keller',
  'Murphy',
]

/**
 * Made-up accounts in a currency: numbers of made-up banks, check digits computed. The same arguments give the same
 * accounts.
 */
export function exampleAccounts(options: {
  readonly seed: string
  readonly currency: string
  readonly kind: 'company' | 'person'
  readonly count: number
}): ExampleAccount[] {
  const { seed, currency, kind, count } = options
  const random = createRandom(`${seed}/accounts/${currency}/${kind}`)
  const places = BY_CURRENCY[currency] ?? ['LU']
  return Array.from({ length: count }, () => {
    const country = random.pick(places)
    const name = kind === 'person' ? personName(random) : companyName(random, country)
    const owner = { name, kind, currency, country, ...(kind === 'company' ? { lei: lei(random) } : {}) }
    const abroad = ABROAD[country]
    if (abroad) return { ...owner, town: abroad.town, bic: abroad.bic, other: random.digits(abroad.digits) }
    const place = PLACES.find((candidate) => candidate.country === country) ?? PLACES[0]
    const number = [...place.form].map((character) => (character === '9' ? random.digits(1) : character)).join('')
    const iban = makeIban(place.country, number)
    return { ...owner, town: place.town, bic: `${place.bank}${place.country}2XXXX`, iban }
  })
}

const personName = (random: RandomSource): string => `${random.pick(GIVEN)} ${random.pick(FAMILY)}`

function companyName(random: RandomSource, country: string): string {
  return `${random.pick(HOUSES)} ${random.pick(TRADES)} ${FORMS[country] ?? 'Ltd'}`
}

/** Issuer 0000 is none that exists. */
const lei = (random: RandomSource): string => makeLei(`000000${random.digits(12)}`)
