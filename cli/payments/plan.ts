import { paymentFields, paymentReferenceKey, transfer } from '@tallystick/client'
import { type ActionOf, commitmentOf, type DisclosureField } from '@tallystick/core/protocol'
import { accountKey, type CreditTransfer, currencyDecimals } from '@tallystick/iso20022'
import type { AddressBook } from '../address-book/address-book.ts'
import type { AddressBookEntry } from '../address-book/entry.ts'
import type { KnownAsset } from '../ledger/assets.ts'
import type { Debtor, Debtors } from './debtors.ts'
import { disclosedValues } from './disclosed-values.ts'
import { businessDayOf, identityOf } from './identity.ts'
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

/** What payments are planned from. */
export interface PlanSources {
  readonly book: AddressBook
  readonly assets: ReadonlyMap<string, KnownAsset>
  readonly debtors: Debtors
}

/**
 * The transfer of one payment: the same file, address book and bank key give the same transfer on every machine, with the
 * same reference, commitment and salts.
 */
export async function planPayment(
  { book, assets, debtors }: PlanSources,
  payment: CreditTransfer,
): Promise<PlannedPayment | PaymentProblemCode> {
  const asset = assets.get(payment.currency)
  if (asset === undefined || asset.decimals !== currencyDecimals(payment.currency)) return 'PAYMENT_CURRENCY_UNKNOWN'
  const debtorEntry = book.find(accountKey(payment.debtor.account), payment.debtor.agentBic)
  if (debtorEntry === undefined) return 'PAYMENT_DEBTOR_UNKNOWN'
  const creditor = book.find(accountKey(payment.creditor.account), payment.creditor.agentBic)
  if (creditor === undefined) return 'PAYMENT_CREDITOR_UNKNOWN'
  const values = disclosedValues(payment)
  if (values === undefined) return 'PAYMENT_DATA_TOO_LARGE'
  const debtor = await debtors.open(debtorEntry)
  if (typeof debtor === 'string') return debtor
  const identity = identityOf(payment)
  const fields = paymentFields(debtor.memberSecret, identity, values)
  return {
    payment,
    debtor,
    creditor,
    fields,
    action: transfer({
      debit: debtorEntry.id,
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
