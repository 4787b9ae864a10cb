import { checkDigits97 } from '../values/checksum.ts'
import { currencyDecimals } from '../values/currency.ts'
import type { ExampleAccount } from './accounts.ts'
import { createRandom, type RandomSource } from './random.ts'

export interface ExampleOptions {
  /** The same options give the same file, byte by byte. */
  readonly seed?: string
  readonly version?: 'pain.001.001.03' | 'pain.001.001.09'
  /** Requested execution date of all payments, `YYYY-MM-DD`. */
  readonly businessDate: string
  /** Up to 28 characters: identifiers of payment informations are made from it. */
  readonly messageId: string
  /** `YYYY-MM-DDThh:mm:ss…`; 06:00 in UTC on the business date by default. */
  readonly creationDateTimeIso?: string
  readonly initiatingParty?: string
  /** Companies that pay. Each pays in the currency of its account. */
  readonly debtors: readonly ExampleAccount[]
  /** Who is paid: by debtors with an account in the same currency. */
  readonly creditors: readonly ExampleAccount[]
  readonly payments: number
}

export interface PlannedPayment {
  readonly instructionId: string
  readonly endToEndId: string
  readonly uetr: string
  readonly creditor: ExampleAccount
  readonly amountMinor: bigint
  readonly purpose: 'SALA' | 'SUPP'
  readonly text?: string
  /** ISO 11649 creditor reference. */
  readonly reference?: string
  readonly invoice?: { readonly number: string; readonly date: string }
}

export interface PlannedBlock {
  readonly paymentInformationId: string
  readonly debtor: ExampleAccount
  readonly purpose: 'SALA' | 'SUPP'
  readonly count: number
  /** The payments, made anew at each call. */
  payments(): Generator<PlannedPayment>
}

const MESSAGE_ID_CHARS_MAX = 28

/**
 * Divides the payments among payment runs: for each debtor its suppliers, and its staff where people have accounts in
 * its currency.
 * @throws {RangeError} for an example that can't be made: no debtor with creditors, too long an identifier.
 */
export function planExample(options: ExampleOptions): PlannedBlock[] {
  const { messageId, debtors, creditors, payments, seed = 'tallystick' } = options
  if (messageId === '' || messageId.length > MESSAGE_ID_CHARS_MAX) {
    throw new RangeError(`the message identifier must have 1 to ${MESSAGE_ID_CHARS_MAX} characters`)
  }
  const runs = debtors.flatMap((debtor) =>
    (['SALA', 'SUPP'] as const).flatMap((purpose) => {
      const kind = purpose === 'SALA' ? 'person' : 'company'
      const paid = creditors.filter(
        (creditor) => creditor.kind === kind && creditor.currency === debtor.currency && !isSame(creditor, debtor),
      )
      return paid.length > 0 ? [{ debtor, purpose, paid }] : []
    }),
  )
  if (runs.length === 0) throw new RangeError('no debtor has a creditor with an account in its currency')
  return runs.flatMap(({ debtor, purpose, paid }, index) => {
    const count = Math.floor(payments / runs.length) + (index < payments % runs.length ? 1 : 0)
    if (count === 0) return []
    const paymentInformationId = `${messageId}/${String(index + 1).padStart(2, '0')}`
    const plan = { seed: `${seed}/${paymentInformationId}`, options, debtor, purpose, paid, count, index }
    return [{ paymentInformationId, debtor, purpose, count, payments: () => planPayments(plan) }]
  })
}

interface Plan {
  readonly seed: string
  readonly options: ExampleOptions
  readonly debtor: ExampleAccount
  readonly purpose: 'SALA' | 'SUPP'
  readonly paid: readonly ExampleAccount[]
  readonly count: number
  readonly index: number
}

function* planPayments({ seed, options, debtor, purpose, paid, count, index }: Plan): Generator<PlannedPayment> {
  const random = createRandom(seed)
  const decimals = currencyDecimals(debtor.currency) ?? 2
  for (let number = 1; number <= count; number += 1) {
    const serial = `${String(index + 1).padStart(2, '0')}${String(number).padStart(6, '0')}`
    const creditor = purpose === 'SALA' ? paid[(number - 1) % paid.length]! : random.pick(paid)
    const base = {
      instructionId: `I${serial}`,
      endToEndId: `${purpose}-${options.businessDate.replaceAll('-', '')}-${serial}`,
      uetr: uetr(random),
      creditor,
      purpose,
      amountMinor: purpose === 'SALA' ? salary(random, decimals) : invoiceAmount(random, decimals),
    }
    if (purpose === 'SALA') yield { ...base, text: `Salary ${options.businessDate.slice(0, 7)}` }
    else yield { ...base, ...invoice(random, options.businessDate) }
  }
}

/** Salaries lie between 2,100 and 7,900, a hundred times that in a currency without decimals. */
function salary(random: RandomSource, decimals: number): bigint {
  const units = 210_000 + random.below(580_000)
  return decimals === 0 ? BigInt(units) : BigInt(units) * 10n ** BigInt(decimals - 2)
}

/** Many small invoices and few large ones, the largest near 200,000. */
function invoiceAmount(random: RandomSource, decimals: number): bigint {
  const units = 1_000 + random.below(10 ** (4 + random.below(4))) * (1 + random.below(2))
  return decimals < 2 ? BigInt(units) : BigInt(units) * 10n ** BigInt(decimals - 2)
}

function invoice(random: RandomSource, businessDate: string): Pick<PlannedPayment, 'text' | 'reference' | 'invoice'> {
  const number = `${businessDate.slice(0, 4)}-${random.digits(5)}`
  switch (random.below(3)) {
    case 0:
      return { text: `Invoice ${number}` }
    case 1: {
      const reference = random.digits(12)
      return { reference: `RF${checkDigits97(`${reference}RF`)}${reference}` }
    }
    default:
      return {
        invoice: { number, date: `${businessDate.slice(0, 4)}-01-${String(1 + random.below(28)).padStart(2, '0')}` },
      }
  }
}

function uetr(random: RandomSource): string {
  const { hex } = random
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`
}

const isSame = (a: ExampleAccount, b: ExampleAccount): boolean =>
  a.iban !== undefined ? a.iban === b.iban : a.other !== undefined && a.other === b.other && a.bic === b.bic
