import { paymentFields, paymentReferenceKey, transfer } from '@tallystick/client'
import { type ActionOf, commitmentOf, type DisclosureField } from '@tallystick/core/protocol'
import { accountKey, type CreditTransfer, currencyDecimals, type Party } from '@tallystick/iso20022'
import type { AddressBook } from '../address-book/address-book.ts'
import type { AddressBookEntry } from '../address-book/entry.ts'
import type { KnownAsset } from '../ledger/assets.ts'
import type { Debtor, Debtors } from './debtors.ts'
import { type DisclosedValue, disclosedValues } from './disclosed-values.ts'
import { businessDayOf, identityOf } from './identity.ts'
import type { PaymentName } from './outcome.ts'
import type { PaymentProblemCode } from './problems.ts'

/** A payment as it goes to the ledger, and what stays off it. */
export interface PlannedPayment {
  readonly payment: CreditTransfer
  readonly debtor: Debtor
  readonly creditor: AddressBookEntry
  /** What the commitment of the action opens to. */
  readonly fields: readonly DisclosureField[]
  readonly action: ActionOf<'transfer'>
}

/** What of a planned payment is needed once its data and openings are in the record: thousands wait in memory. */
export interface PaymentToSend extends Pick<PlannedPayment, 'debtor' | 'action'> {
  readonly payment: Pick<PaymentName, 'paymentInformationOrdinal'>
}

/** What payments are planned from. */
export interface PlanSources {
  readonly book: AddressBook
  readonly assets: ReadonlyMap<string, KnownAsset>
  readonly debtors: Debtors
}

interface Resolved {
  readonly debtor: Debtor
  readonly creditor: AddressBookEntry
  readonly asset: KnownAsset
  readonly values: readonly DisclosedValue[]
}

/** All that keeps a payment from being made: what `planPayment` would tell, without the work of making it. */
export async function planProblems(sources: PlanSources, payment: CreditTransfer): Promise<PaymentProblemCode[]> {
  const found = await resolve(sources, payment)
  return Array.isArray(found) ? found : []
}

/** What a payment names, or all that is unknown. */
async function resolve(
  { book, assets, debtors }: PlanSources,
  payment: CreditTransfer,
): Promise<Resolved | PaymentProblemCode[]> {
  const asset = assets.get(payment.currency)
  const entry = book.find(accountKey(payment.debtor.account), payment.debtor.agentBic)
  const creditor = book.find(accountKey(payment.creditor.account), payment.creditor.agentBic)
  const values = disclosedValues(payment)
  const debtor = entry === undefined ? 'PAYMENT_DEBTOR_UNKNOWN' : await debtors.open(entry)
  const isKnownCurrency = asset !== undefined && asset.decimals === currencyDecimals(payment.currency)
  if (isKnownCurrency && typeof debtor !== 'string' && creditor !== undefined && values !== undefined) {
    return { debtor, creditor, asset, values }
  }
  const problems: (PaymentProblemCode | false)[] = [
    !isKnownCurrency && 'PAYMENT_CURRENCY_UNKNOWN',
    typeof debtor === 'string' && debtor,
    creditor === undefined && 'PAYMENT_CREDITOR_UNKNOWN',
    values === undefined && 'PAYMENT_DATA_TOO_LARGE',
  ]
  return problems.filter((problem) => problem !== false)
}

/** What is unknown of a payment that its file has refused already. */
export function unknownParties(
  book: AddressBook,
  { debtor, creditor }: { readonly debtor?: Party; readonly creditor?: Party },
): PaymentProblemCode[] {
  const isUnknown = (party: Party | undefined): boolean =>
    party !== undefined && book.find(accountKey(party.account), party.agentBic) === undefined
  const problems: (PaymentProblemCode | false)[] = [
    isUnknown(debtor) && 'PAYMENT_DEBTOR_UNKNOWN',
    isUnknown(creditor) && 'PAYMENT_CREDITOR_UNKNOWN',
  ]
  return problems.filter((problem) => problem !== false)
}

/**
 * The transfer of one payment: the same file, address book and bank key give the same transfer on every machine, with the
 * same reference, commitment and salts.
 * @returns all problems, where it can't be made.
 */
export async function planPayment(
  sources: PlanSources,
  payment: CreditTransfer,
): Promise<PlannedPayment | PaymentProblemCode[]> {
  const found = await resolve(sources, payment)
  if (Array.isArray(found)) return found
  const { debtor, creditor, asset, values } = found
  const identity = identityOf(payment)
  const fields = paymentFields(debtor.memberSecret, identity, values)
  return {
    payment,
    debtor,
    creditor,
    fields,
    action: transfer({
      debit: debtor.entry.id,
      credit: creditor.id,
      asset: asset.id,
      amount: payment.amountMinor,
      reference: {
        member: debtor.member,
        businessDay: businessDayOf(payment.businessDate),
        key: paymentReferenceKey(debtor.memberSecret, identity),
      },
      commitment: commitmentOf(fields),
    }),
  }
}
