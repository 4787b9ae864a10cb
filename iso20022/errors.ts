/**
 * Every problem that a file can have, in one place. Codes are stable: documents and other programs quote them.
 *
 * `reason` is the code of the ISO 20022 external code set `ExternalStatusReason1Code` that a status report (pain.002)
 * states. `message` names its fields in braces. `remedy` says what the one who wrote the file can do.
 */
export interface ProblemKind {
  readonly severity: 'error' | 'warning'
  readonly reason: string
  readonly message: string
  readonly remedy: string
}

const kind = (severity: ProblemKind['severity'], reason: string, message: string, remedy: string): ProblemKind => ({
  severity,
  reason,
  message,
  remedy,
})
const error = (reason: string, message: string, remedy: string) => kind('error', reason, message, remedy)
const warning = (reason: string, message: string, remedy: string) => kind('warning', reason, message, remedy)

export const PROBLEMS = {
  // The file as bytes and as XML. Reading stops at these.
  ISO20022_FILE_TOO_LARGE: error(
    'FF01',
    'the file has more than {max} bytes',
    'Split it, or raise the limit on file size.',
  ),
  ISO20022_ENCODING_UNSUPPORTED: error(
    'FF01',
    'the file is encoded in {encoding}',
    'Write it in UTF-8; ISO-8859-1 and US-ASCII are read if the XML declaration names them.',
  ),
  ISO20022_ENCODING_INVALID: error(
    'FF01',
    'the bytes are not valid {encoding}',
    'Write the file in the encoding that its XML declaration names, without one in UTF-8.',
  ),
  ISO20022_XML_MALFORMED: error(
    'FF01',
    'the XML is not well-formed: {detail}',
    'Write the file again; it may be cut off.',
  ),
  ISO20022_XML_DOCTYPE: error(
    'FF01',
    'the file has a document type declaration (DOCTYPE)',
    'Remove it: payment files need none, and entities are never expanded.',
  ),
  ISO20022_XML_ENTITY: error(
    'FF01',
    'the file uses an entity that XML does not define',
    'Use only &amp; &lt; &gt; &apos; &quot; and character references.',
  ),
  ISO20022_XML_TOO_DEEP: error('FF01', 'elements are nested deeper than {max}', 'Remove the nesting.'),
  ISO20022_PROBLEMS_TOO_MANY: error(
    'FF01',
    'the file has more than {max} problems; reading stopped here',
    'Correct what is listed and check it again; it may be another kind of file.',
  ),
  ISO20022_XML_TOO_LONG: error(
    'FF01',
    'a text, tag or comment is longer than {max} characters',
    'Remove or shorten it.',
  ),
  ISO20022_MESSAGE_TEMPLATE: error(
    'FF01',
    'this is a template, not a payment file: it has the placeholder {placeholder}',
    'Fill in the template first.',
  ),
  ISO20022_MESSAGE_UNEXPECTED: error(
    'FF01',
    'this is a {message} {title}, not a {expected}',
    'Hand in a credit transfer initiation (pain.001).',
  ),
  ISO20022_MESSAGE_VERSION: error(
    'FF01',
    'this is a {message}; the versions that are read are {versions}',
    'Export the file in one of these versions.',
  ),
  ISO20022_NAMESPACE_UNKNOWN: error(
    'FF01',
    'the namespace "{namespace}" of <{element}> is none of ISO 20022 or of a known national form',
    'Use the namespace of the message, as urn:iso:std:iso:20022:tech:xsd:pain.001.001.09.',
  ),
  ISO20022_ROOT_UNKNOWN: error(
    'FF01',
    'the root element is <{element}> of the namespace "{namespace}", not the <Document> of an ISO 20022 message',
    'Hand in the message itself, without an envelope.',
  ),

  // The message against the table of its version.
  ISO20022_ELEMENT_UNKNOWN: error('CH17', '<{element}> does not belong into <{parent}>', 'Remove it.'),
  ISO20022_ELEMENT_ORDER: error('FF01', '<{element}> stands after <{after}> in <{parent}>', 'Move it before that.'),
  ISO20022_ELEMENT_REPEATED: error(
    'FF01',
    '<{element}> stands more than {max} times in <{parent}>',
    'Remove the surplus ones.',
  ),
  ISO20022_ELEMENT_MISSING: error('CH21', '<{element}> is missing in <{parent}>', 'Add it.'),
  ISO20022_CHOICE: error('FF01', '<{parent}> must have exactly one of {elements}', 'Keep or add exactly one.'),
  ISO20022_ATTRIBUTE_MISSING: error('CH21', 'the attribute {attribute} is missing on <{element}>', 'Add it.'),
  ISO20022_ATTRIBUTE_UNKNOWN: error('CH17', 'the attribute {attribute} does not belong to <{element}>', 'Remove it.'),
  ISO20022_TEXT_UNEXPECTED: error('FF01', '<{element}> has text between its elements', 'Remove the text.'),
  ISO20022_VALUE_LENGTH: error(
    'CH16',
    '"{value}" has {length} characters, {min} to {max} are allowed',
    'Shorten or fill in the value.',
  ),
  ISO20022_VALUE_FORMAT: error('CH16', '"{value}" is not {format}', 'Write the value in this format.'),
  ISO20022_VALUE_CODE: error('CH16', '"{value}" is none of {codes}', 'Use one of these codes.'),
  ISO20022_NAMESPACE_NATIONAL: warning(
    'NARR',
    'the file is in the form of {country} ({message}); it is read as {base}',
    'None needed.',
  ),
  ISO20022_EXTENSION_SKIPPED: warning(
    'NARR',
    '<{element}> of the namespace "{namespace}" is no part of the message and was skipped',
    'Check that nothing in it matters to the payment.',
  ),

  // What a credit transfer initiation says.
  PAIN001_PAYMENTS_TOO_MANY: error('AM18', 'the file has more than {max} payments', 'Split it.'),
  PAIN001_PAYMENT_TOO_LARGE: error(
    'FF01',
    'one payment has more than {max} elements',
    'Shorten its remittance information.',
  ),
  PAIN001_IDENTIFIER_BLANK: error('CH16', '<{element}> is blank', 'Give it an identifier.'),
  PAIN001_NUMBER_OF_TRANSACTIONS_GROUP: error(
    'AM19',
    'the group header says {stated} payments, the file has {counted}',
    'Correct NbOfTxs, or find the payments that are missing or too many.',
  ),
  PAIN001_NUMBER_OF_TRANSACTIONS_BLOCK: error(
    'AM20',
    'the payment information says {stated} payments, it has {counted}',
    'Correct NbOfTxs, or find the payments that are missing or too many.',
  ),
  PAIN001_CONTROL_SUM_GROUP: error(
    'AM16',
    'the group header says a control sum of {stated}, the amounts add up to {counted}',
    'Correct CtrlSum: it is the sum of all amounts as numbers, whatever their currencies.',
  ),
  PAIN001_CONTROL_SUM_BLOCK: error(
    'AM17',
    'the payment information says a control sum of {stated}, its amounts add up to {counted}',
    'Correct CtrlSum: it is the sum of its amounts as numbers, whatever their currencies.',
  ),
  PAIN001_DUPLICATE_PAYMENT_INFORMATION: error(
    'DU02',
    'the payment information {id} stands in the file more than once (first on line {first})',
    'Give each payment information its own identifier, or remove the copy.',
  ),
  PAIN001_DUPLICATE_INSTRUCTION: error(
    'DU05',
    'the instruction {id} stands in its payment information more than once (first on line {first})',
    'Give each instruction its own identifier, or remove the copy.',
  ),
  PAIN001_DUPLICATE_UETR: error(
    'DU03',
    'the transaction reference {id} (UETR) stands in the file more than once (first on line {first})',
    'Give each payment its own UETR, or remove the copy.',
  ),
  PAIN001_END_TO_END_REPEATED: warning(
    'DU04',
    'the end-to-end identifier {id} stands in the file more than once (first on line {first})',
    'Check that the payment is not in the file twice.',
  ),
  PAIN001_DATE_TOO_OLD: error(
    'CH04',
    'the execution date {date} is before {earliest}, the first day that can be booked',
    'Use a later date, or pay with another business date (--business-date).',
  ),
  PAIN001_DATE_TOO_LATE: error(
    'CH03',
    'the execution date {date} is after {latest}, the last day that can be booked now',
    'Send the file later, or have it paid now (--execute-now).',
  ),
  PAIN001_IBAN_COUNTRY: error('AC01', 'the IBAN {iban} has a country without IBANs', 'Correct the IBAN.'),
  PAIN001_IBAN_STRUCTURE: error(
    'AC01',
    'the IBAN {iban} does not have the form of IBANs of {country}',
    'Correct the IBAN.',
  ),
  PAIN001_IBAN_CHECKSUM: error('AC01', 'the check digits of the IBAN {iban} are wrong', 'Correct the IBAN.'),
  PAIN001_BIC_INVALID: error('RC05', 'the BIC {bic} is not valid: its country {country} is none', 'Correct the BIC.'),
  PAIN001_LEI_CHECKSUM: error('BE15', 'the check digits of the LEI {lei} are wrong', 'Correct the LEI.'),
  PAIN001_CREDITOR_ACCOUNT_MISSING: error('AC03', 'the payment has no creditor account', 'Add CdtrAcct.'),
  PAIN001_CURRENCY_UNKNOWN: error(
    'AM11',
    '{currency} is not a currency of ISO 4217 that payments can be made in',
    'Use the code of a current currency.',
  ),
  PAIN001_AMOUNT_DECIMALS: error(
    'CH20',
    'the amount {amount} {currency} has more than the {decimals} decimals of this currency',
    'Round the amount.',
  ),
  PAIN001_AMOUNT_ZERO: error('AM01', 'the amount is zero', 'Remove the payment, or correct the amount.'),
  PAIN001_AMOUNT_TOO_LARGE: error(
    'AM02',
    'the amount {amount} {currency} is above the largest that is accepted, {max} in minor units',
    'Split the payment.',
  ),
  PAIN001_EQUIVALENT_AMOUNT: error(
    'CH17',
    'the amount is given as an equivalent in another currency (EqvtAmt), which is not settled',
    'Give the amount in the currency of the payment (InstdAmt).',
  ),
  PAIN001_CONVERSION: error(
    'AG03',
    'the payment needs a conversion: {account} is held in {held}, the amount is in {currency}',
    'Pay from and to accounts in the currency of the amount.',
  ),
  PAIN001_EXCHANGE_RATE: error(
    'CH17',
    'the payment states an exchange rate (XchgRateInf): conversions are not settled',
    'Pay in the currency of both accounts, without XchgRateInf.',
  ),
  PAIN001_PAYMENT_METHOD: error('AG03', 'the payment method {method} is not settled', 'Use the payment method TRF.'),
  PAIN001_CHEQUE: error('CH17', 'the payment is to be made by cheque (ChqInstr)', 'Pay by credit transfer.'),
  PAIN001_INSTRUCTION: error(
    'AG03',
    'the instruction {instruction} to the creditor agent is not settled: {meaning}',
    'Remove the instruction, or pay in another way.',
  ),
  PAIN001_STATED_TWICE: warning(
    'NARR',
    '<{element}> stands in the payment information and in one of its payments; the payment counts',
    'State it on one level only.',
  ),
} as const satisfies Readonly<Record<string, ProblemKind>>

export type ProblemCode = keyof typeof PROBLEMS
export type ProblemFields = Readonly<Record<string, string | number>>

/** The message of a problem, its fields filled in. */
export function messageOf(code: ProblemCode, fields: ProblemFields): string {
  return PROBLEMS[code].message.replace(/\{(\w+)\}/g, (_, name: string) => String(fields[name] ?? ''))
}
