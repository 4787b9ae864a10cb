import { type ExampleAccount, exampleAccounts } from '@tallystick/iso20022'

/** A customer of the example, and how the demo treats the account. */
export interface ExampleCustomer {
  readonly account: ExampleAccount
  /** Short name of the member that keeps it. */
  readonly bank: string
  readonly role: 'debtor' | 'creditor'
  readonly state: 'active' | 'closed' | 'frozen'
}

/** How many customers there are of each kind, by currency. */
const plan = [
  { currency: 'EUR', debtors: 2, companies: 10, people: 16 },
  { currency: 'USD', debtors: 1, companies: 6, people: 6 },
  { currency: 'CHF', debtors: 1, companies: 6, people: 8 },
  { currency: 'GBP', debtors: 1, companies: 6, people: 6 },
  { currency: 'JPY', debtors: 1, companies: 4, people: 4 },
] as const

const banks = [
  { slug: 'alpine-bank', bic: 'ALPNAT2GXXX' },
  { slug: 'harbour-bank', bic: 'HARBGB2LXXX' },
] as const

const seed = 'tallystick-demo'

/** Not the first, whose payment people look at. */
const closedPerson = 3

/** What each debtor gets, in minor units of any currency: more than hundreds of files of the example's size pay out. */
export const fundingMinor = 100_000_000_000n

/** The customers of both commercial banks. One account is closed and one frozen, so the example has rejections. */
export function exampleCustomers(): ExampleCustomer[] {
  return plan.flatMap(({ currency, debtors, companies, people }) => {
    const firms = exampleAccounts({ seed, currency, kind: 'company', count: debtors + companies })
    const persons = exampleAccounts({ seed, currency, kind: 'person', count: people })
    return [...firms, ...persons].map((account, i): ExampleCustomer => {
      const bank = banks[i % banks.length]!
      const role = i < debtors ? 'debtor' : 'creditor'
      const isClosed = currency === 'EUR' && account === persons[closedPerson]
      const isFrozen = currency === 'CHF' && account === firms[debtors]
      const state = isClosed ? 'closed' : isFrozen ? 'frozen' : 'active'
      return { account: { ...account, bic: bank.bic }, bank: bank.slug, role, state }
    })
  })
}
