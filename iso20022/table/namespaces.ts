import { MESSAGES, type MessageName } from './schema.ts'

const ISO_PREFIX = 'urn:iso:std:iso:20022:tech:xsd:'
const MESSAGE_NAME = /^[a-z]{4}\.\d{3}\.\d{3}\.\d{2}$/

/**
 * National namespaces whose messages are narrower forms of the ISO ones: what they allow the base allows too.
 * Switzerland (SIX) put its variants, `.ch.01` and later, under addresses of its own; from 2022 on it uses the ISO
 * namespace.
 */
const NATIONAL = [
  {
    country: 'Switzerland',
    form: /^https?:\/\/www\.six-interbank-clearing\.com\/(?:[a-z]{2}\/)?(([a-z]{4}\.\d{3}\.\d{3}\.\d{2})\.ch\.\d{2})\.xsd$/,
  },
] as const

export interface NamedMessage {
  /** The message as the namespace names it: `pain.001.001.03` or, national, `pain.001.001.03.ch.02`. */
  readonly name: string
  /** The ISO message it is, or narrows. */
  readonly base: string
  /** The country whose variant it is. */
  readonly national?: string
}

/** What a namespace names, or nothing if it is no namespace of ISO 20022 or of a known national form of it. */
export function messageOfNamespace(namespace: string): NamedMessage | undefined {
  if (namespace.startsWith(ISO_PREFIX)) {
    const name = namespace.slice(ISO_PREFIX.length)
    return MESSAGE_NAME.test(name) ? { name, base: name } : undefined
  }
  for (const { country, form } of NATIONAL) {
    const match = form.exec(namespace)
    if (match) return { name: match[1]!, base: match[2]!, national: country }
  }
  return undefined
}

/** The ISO namespace of a message. */
export function namespaceOf(message: MessageName): string {
  return ISO_PREFIX + message
}

/** Whether the tables describe this message. */
export function isKnownMessage(name: string): name is MessageName {
  return Object.hasOwn(MESSAGES, name)
}

/** Names of messages that are handed in by mistake, by their first two parts, for a refusal that says what came. */
const TITLES: Readonly<Record<string, string>> = {
  'acmt.': 'account management message',
  'admi.': 'administration message',
  'auth.': 'message to an authority',
  'camt.029': 'resolution of an investigation',
  'camt.052': 'account report',
  'camt.053': 'account statement',
  'camt.054': 'debit or credit notification',
  'camt.055': 'customer cancellation request',
  'camt.056': 'payment cancellation request',
  'head.001': 'business application header',
  'pacs.002': 'interbank payment status report',
  'pacs.003': 'interbank direct debit',
  'pacs.004': 'payment return',
  'pacs.008': 'interbank credit transfer',
  'pacs.009': 'financial institution credit transfer',
  'pain.001': 'credit transfer initiation',
  'pain.002': 'status report',
  'pain.007': 'payment reversal',
  'pain.008': 'direct debit initiation',
  'pain.013': 'request to pay',
  'pain.014': 'status report of a request to pay',
  'reda.': 'reference data message',
  'remt.': 'remittance advice',
}

/** What a message is, in words: `status report` for `pain.002.001.03`. */
export function titleOf(message: string): string {
  return TITLES[message.slice(0, 8)] ?? TITLES[message.slice(0, 5)] ?? 'message'
}

/** Messages by the element below `Document`, for files whose namespace is missing or unknown. */
const BY_ELEMENT: Readonly<Record<string, string>> = {
  CstmrCdtTrfInitn: 'pain.001',
  CstmrPmtStsRpt: 'pain.002',
  CstmrPmtRvsl: 'pain.007',
  CstmrDrctDbtInitn: 'pain.008',
  CdtrPmtActvtnReq: 'pain.013',
  BkToCstmrAcctRpt: 'camt.052',
  BkToCstmrStmt: 'camt.053',
  BkToCstmrDbtCdtNtfctn: 'camt.054',
  FIToFICstmrCdtTrf: 'pacs.008',
  FICdtTrf: 'pacs.009',
  FIToFIPmtStsRpt: 'pacs.002',
  PmtRtr: 'pacs.004',
  AppHdr: 'head.001',
}

/** The message that has this element below `Document`: `pain.002` for `CstmrPmtStsRpt`. */
export function messageOfElement(name: string): string | undefined {
  return Object.hasOwn(BY_ELEMENT, name) ? BY_ELEMENT[name] : undefined
}
