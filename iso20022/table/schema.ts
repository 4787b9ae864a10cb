import { ACCOUNT_TYPES } from './accounts.ts'
import { CREDIT_TRANSFER_TYPES } from './credit-transfer.ts'
import { type ElementRule, parseTables, type TypeRule } from './notation.ts'
import { PARTY_TYPES } from './parties.ts'
import { REMITTANCE_TYPES } from './remittance.ts'
import { SIMPLE_TYPES } from './simple-types.ts'
import { STATUS_REPORT_TYPES } from './status-report.ts'
import { TAX_TYPES } from './tax.ts'

/** One component, its element types resolved: what the walk through a document follows. */
export type TypeNode = { readonly name: string } & (
  | {
      readonly kind: 'value'
      readonly format: Extract<TypeRule, { kind: 'value' }>['format']
      readonly attribute?: { readonly name: string; readonly type: TypeNode }
    }
  | {
      readonly kind: 'sequence' | 'choice'
      readonly elements: readonly ElementNode[]
      readonly positions: ReadonlyMap<string, number>
    }
  | { readonly kind: 'any' }
)

export interface ElementNode {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly type: TypeNode
}

/** The messages that can be checked, with the element below `Document` and its component. */
export const MESSAGES = {
  'pain.001.001.03': { element: 'CstmrCdtTrfInitn', type: 'CustomerCreditTransferInitiationV03' },
  'pain.001.001.09': { element: 'CstmrCdtTrfInitn', type: 'CustomerCreditTransferInitiationV09' },
  'pain.002.001.03': { element: 'CstmrPmtStsRpt', type: 'CustomerPaymentStatusReportV03' },
  'pain.002.001.10': { element: 'CstmrPmtStsRpt', type: 'CustomerPaymentStatusReportV10' },
} as const

export type MessageName = keyof typeof MESSAGES
export type Pain001Version = Extract<MessageName, `pain.001.${string}`>
export type Pain002Version = Extract<MessageName, `pain.002.${string}`>

let dictionary: ReadonlyMap<string, TypeRule> | undefined
const resolved = new Map<string, TypeNode>()

/** All components of the tables, as written there. */
export function components(): ReadonlyMap<string, TypeRule> {
  dictionary ??= parseTables(
    SIMPLE_TYPES,
    PARTY_TYPES,
    ACCOUNT_TYPES,
    REMITTANCE_TYPES,
    TAX_TYPES,
    CREDIT_TRANSFER_TYPES,
    STATUS_REPORT_TYPES,
  )
  return dictionary
}

/** The component `Document` of a message: the start of a walk. */
export function documentOf(message: MessageName): TypeNode {
  const { element, type } = MESSAGES[message]
  return complex(`Document of ${message}`, 'sequence', [{ name: element, min: 1, max: 1, type }])
}

function resolve(name: string): TypeNode {
  const known = resolved.get(name)
  if (known) return known
  const rule = components().get(name)
  if (!rule) throw new Error(`the tables name a component that they don't define: ${name}`)
  const node = link(name, rule)
  resolved.set(name, node)
  return node
}

function link(name: string, rule: TypeRule): TypeNode {
  if (rule.kind === 'any') return { name, kind: 'any' }
  if (rule.kind !== 'value') return complex(name, rule.kind, rule.elements)
  const { format, attribute } = rule
  if (!attribute) return { name, kind: 'value', format }
  return { name, kind: 'value', format, attribute: { name: attribute.name, type: resolve(attribute.type) } }
}

function complex(name: string, kind: 'sequence' | 'choice', rules: readonly ElementRule[]): TypeNode {
  const elements = rules.map((rule) => ({ ...rule, type: resolve(rule.type) }))
  return { name, kind, elements, positions: new Map(elements.map((element, index) => [element.name, index])) }
}
