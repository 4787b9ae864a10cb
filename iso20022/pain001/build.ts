import { detached, find, findAll, type MessageNode, valueAt } from '../check/node.ts'
import { currencyDecimals } from '../values/currency.ts'
import { parseDecimal, toMinorUnits } from '../values/decimal.ts'
import { canonicalIban } from '../values/iban.ts'
import type { Account, CreditTransfer, Party, Remittance, StructuredRemittance } from './model.ts'

/** Where a payment stands, and what its payment information says of it. */
export interface PaymentFrame {
  readonly ordinal: number
  readonly ordinalInPaymentInformation: number
  readonly paymentInformationOrdinal: number
  readonly messageId: string
  readonly paymentInformationId: string
  readonly businessDate: string
  readonly debtor: Party
}

/** The account below `Id`, or nothing if it is incomplete. */
export function accountOf(node: MessageNode | undefined): Account | undefined {
  const currency = valueAt(node, 'Ccy')
  const held = currency === undefined ? {} : { currency }
  const iban = valueAt(node, 'Id', 'IBAN')
  if (iban !== undefined) return { ...held, iban: canonicalIban(iban) }
  const other = find(node, 'Id', 'Othr')
  const id = valueAt(other, 'Id')
  if (id === undefined) return undefined
  const scheme = valueAt(other, 'SchmeNm', 'Cd') ?? valueAt(other, 'SchmeNm', 'Prtry')
  const issuer = valueAt(other, 'Issr')
  return { ...held, other: { id, ...given('scheme', scheme), ...given('issuer', issuer) } }
}

/** A party with its account and agent, or nothing if the account is missing. */
export function partyOf(
  party: MessageNode | undefined,
  account: MessageNode | undefined,
  agent: MessageNode | undefined,
): Party | undefined {
  const found = accountOf(account)
  if (!found) return undefined
  return {
    ...given('name', valueAt(party, 'Nm')),
    ...given('lei', valueAt(party, 'Id', 'OrgId', 'LEI')),
    account: found,
    ...given('agentBic', valueAt(agent, 'FinInstnId', 'BICFI') ?? valueAt(agent, 'FinInstnId', 'BIC')),
  }
}

/**
 * The payment that a node without problems describes. Nothing if a part is missing, which the rules have told already.
 */
export function creditTransferOf(
  payment: MessageNode,
  block: MessageNode,
  frame: PaymentFrame,
): CreditTransfer | undefined {
  const amount = find(payment, 'Amt', 'InstdAmt')
  const currency = amount?.attributes.get('Ccy')
  const decimals = currency === undefined ? undefined : currencyDecimals(currency)
  const value = amount && parseDecimal(amount.value)
  const endToEndId = valueAt(payment, 'PmtId', 'EndToEndId')
  const creditor = partyOf(find(payment, 'Cdtr'), find(payment, 'CdtrAcct'), find(payment, 'CdtrAgt'))
  if (currency === undefined || decimals === undefined || !value || endToEndId === undefined || !creditor)
    return undefined
  const amountMinor = toMinorUnits(value, decimals)
  if (amountMinor === undefined) return undefined
  return {
    ...frame,
    line: payment.line,
    ...given('instructionId', valueAt(payment, 'PmtId', 'InstrId')),
    endToEndId,
    ...given('uetr', valueAt(payment, 'PmtId', 'UETR')),
    creditor,
    ...given('ultimateDebtor', valueAt(payment, 'UltmtDbtr', 'Nm') ?? valueAt(block, 'UltmtDbtr', 'Nm')),
    ...given('ultimateCreditor', valueAt(payment, 'UltmtCdtr', 'Nm')),
    currency: detached(currency),
    amountMinor,
    ...given('chargeBearer', valueAt(payment, 'ChrgBr') ?? valueAt(block, 'ChrgBr')),
    ...given('purpose', codeOrProprietary(find(payment, 'Purp'))),
    ...given(
      'categoryPurpose',
      codeOrProprietary(find(payment, 'PmtTpInf', 'CtgyPurp')) ??
        codeOrProprietary(find(block, 'PmtTpInf', 'CtgyPurp')),
    ),
    remittance: remittanceOf(find(payment, 'RmtInf')),
  }
}

function remittanceOf(node: MessageNode | undefined): Remittance {
  return {
    unstructured: findAll(node, 'Ustrd').map(({ value }) => detached(value)),
    structured: findAll(node, 'Strd').map(structuredOf),
  }
}

function structuredOf(node: MessageNode): StructuredRemittance {
  return {
    ...given('reference', valueAt(node, 'CdtrRefInf', 'Ref')),
    ...given('referenceType', codeOrProprietary(find(node, 'CdtrRefInf', 'Tp', 'CdOrPrtry'))),
    documents: findAll(node, 'RfrdDocInf').map((document) => ({
      ...given('number', valueAt(document, 'Nb')),
      ...given('type', codeOrProprietary(find(document, 'Tp', 'CdOrPrtry'))),
      ...given('date', valueAt(document, 'RltdDt')),
    })),
    additional: findAll(node, 'AddtlRmtInf').map(({ value }) => detached(value)),
  }
}

function codeOrProprietary(node: MessageNode | undefined): string | undefined {
  return valueAt(node, 'Cd') ?? valueAt(node, 'Prtry')
}

function given<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string }
}
