import { disclosureFieldsMax } from '@tallystick/core/protocol'
import { accountKey, type CreditTransfer, type Party, type StructuredRemittance } from '@tallystick/iso20022'

export interface DisclosedValue {
  readonly name: string
  readonly value: string
}

const valueBytesMax = 2_048

type Optional = readonly [name: string, value: string | undefined]

function ofParty(role: 'debtor' | 'creditor', party: Party): Optional[] {
  const { name, lei, account, agentBic } = party
  return [
    [`${role}.name`, name],
    [`${role}.lei`, lei],
    [`${role}.account`, accountKey(account)],
    [`${role}.agent`, agentBic],
  ]
}

function ofStructured(
  { reference, referenceType, documents, additional }: StructuredRemittance,
  i: number,
): Optional[] {
  const at = `remittance.structured.${i + 1}`
  return [
    [`${at}.reference`, reference],
    [`${at}.referenceType`, referenceType],
    ...documents.flatMap(({ number, type, date }, d): Optional[] => [
      [`${at}.document.${d + 1}.number`, number],
      [`${at}.document.${d + 1}.type`, type],
      [`${at}.document.${d + 1}.date`, date],
    ]),
    ...additional.map((text, a): Optional => [`${at}.additional.${a + 1}`, text]),
  ]
}

/**
 * What of a payment stays off the ledger, in the order in which the commitment covers it. Only what the file says is in
 * it, so each field can be shown alone. The order and the names are part of the commitment and never change.
 * @returns `undefined` where it does not fit into a commitment.
 */
export function disclosedValues(payment: CreditTransfer): DisclosedValue[] | undefined {
  const { remittance } = payment
  const all: Optional[] = [
    ['message.id', payment.messageId],
    ['paymentInformation.id', payment.paymentInformationId],
    ['instruction.id', payment.instructionId],
    ['endToEnd.id', payment.endToEndId],
    ['uetr', payment.uetr],
    ...ofParty('debtor', payment.debtor),
    ...ofParty('creditor', payment.creditor),
    ['ultimateDebtor', payment.ultimateDebtor],
    ['ultimateCreditor', payment.ultimateCreditor],
    ['chargeBearer', payment.chargeBearer],
    ['purpose', payment.purpose],
    ['categoryPurpose', payment.categoryPurpose],
    ...remittance.unstructured.map((text, i): Optional => [`remittance.unstructured.${i + 1}`, text]),
    ...remittance.structured.flatMap(ofStructured),
  ]
  const values = all.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
  const fits =
    values.length <= disclosureFieldsMax && values.every(({ value }) => Buffer.byteLength(value) <= valueBytesMax)
  return fits ? values : undefined
}
