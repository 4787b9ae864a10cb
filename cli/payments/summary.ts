import { relative } from 'node:path'
import { currencyDecimals } from '@tallystick/iso20022'
import { homePaths } from '../context.ts'
import { formatAmount } from '../output/amount.ts'
import { table } from '../output/table.ts'
import type { ImportResult } from './import-file.ts'
import type { SettledPayment } from './outcome.ts'
import { percentile } from './percentile.ts'

interface Total {
  readonly payments: number
  readonly amountMinor: bigint
}

interface CurrencyTotals {
  readonly currency: string
  readonly paid: Total
  readonly paidEarlier: Total
  readonly rejected: Total
  readonly open: Total
}

interface Reason {
  readonly iso: string
  readonly code: string
  readonly detail: string
  readonly payments: number
}

/** What an import came to. All amounts in minor units. */
export interface ImportSummary {
  readonly messageId: string
  readonly message: string
  readonly payments: number
  readonly paid: number
  readonly paidEarlier: number
  readonly rejected: number
  readonly open: number
  readonly totals: readonly CurrencyTotals[]
  readonly rejections: readonly Reason[]
  readonly openReasons: readonly Reason[]
  readonly submitToFinalMs: Spread
  readonly submitToProvenMs: Spread
  readonly blocks: { readonly from: number; readonly to: number; readonly count: number } | undefined
  readonly receiptsVerified: number
  readonly receipts: string
  readonly report: string
  readonly record: string
}

interface Spread {
  readonly count: number
  readonly p50: number | undefined
  readonly p99: number | undefined
}

function totalOf(payments: readonly SettledPayment[], kind: SettledPayment['outcome']['kind']): Total {
  const ofKind = payments.filter(({ outcome }) => outcome.kind === kind)
  return {
    payments: ofKind.length,
    amountMinor: ofKind.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0n), 0n),
  }
}

function grouped(payments: readonly SettledPayment[], kind: 'rejected' | 'open'): Reason[] {
  const reasons = new Map<string, Reason>()
  for (const { outcome } of payments) {
    if (outcome.kind !== kind) continue
    const iso = outcome.kind === 'rejected' ? outcome.iso : ''
    const before = reasons.get(outcome.code)?.payments ?? 0
    reasons.set(outcome.code, { iso, code: outcome.code, detail: outcome.detail, payments: before + 1 })
  }
  return [...reasons.values()].sort((a, b) => b.payments - a.payments)
}

const spread = (values: readonly number[]): Spread => ({
  count: values.length,
  p50: percentile(values, 50),
  p99: percentile(values, 99),
})

function blocksOf(payments: readonly SettledPayment[]): ImportSummary['blocks'] {
  const heights = new Set(
    payments.flatMap(({ outcome }) => ('receipt' in outcome && outcome.receipt ? [outcome.receipt.height] : [])),
  )
  if (heights.size === 0) return undefined
  const sorted = [...heights].sort((a, b) => a - b)
  return { from: sorted[0]!, to: sorted.at(-1)!, count: sorted.length }
}

export function summaryOf(
  home: string,
  { file, payments, latencies, reportPath, recordPath }: ImportResult,
): ImportSummary {
  const currencies = [...new Set(payments.flatMap(({ currency }) => (currency === undefined ? [] : [currency])))]
  const count = (kind: SettledPayment['outcome']['kind']): number => totalOf(payments, kind).payments
  return {
    messageId: file.messageId,
    message: file.messageName,
    payments: payments.length,
    paid: count('paid'),
    paidEarlier: count('paid-earlier'),
    rejected: count('rejected'),
    open: count('open'),
    totals: currencies.map((currency) => {
      const own = payments.filter((payment) => payment.currency === currency)
      const [paid, paidEarlier] = [totalOf(own, 'paid'), totalOf(own, 'paid-earlier')]
      return { currency, paid, paidEarlier, rejected: totalOf(own, 'rejected'), open: totalOf(own, 'open') }
    }),
    rejections: grouped(payments, 'rejected'),
    openReasons: grouped(payments, 'open'),
    submitToFinalMs: spread(latencies.finalMs),
    submitToProvenMs: spread(latencies.provenMs),
    blocks: blocksOf(payments),
    receiptsVerified: payments.filter(({ outcome }) => 'receipt' in outcome && outcome.receipt !== undefined).length,
    receipts: homePaths.receipts(home),
    report: reportPath,
    record: recordPath,
  }
}

const cell = (total: Total, currency: string): string[] =>
  total.payments === 0
    ? ['', '']
    : [String(total.payments), formatAmount(total.amountMinor, currencyDecimals(currency) ?? 2)]

const milliseconds = ({ p50, p99, count }: Spread): string =>
  p50 === undefined || p99 === undefined
    ? 'nothing was sent'
    : `p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms (${count} transactions)`

export function summaryLines(cwd: string, summary: ImportSummary): string[] {
  const { messageId, message, payments, paid, paidEarlier, rejected, open, totals, rejections, openReasons, blocks } =
    summary
  const shown = (path: string): string => relative(cwd, path) || path
  return [
    `${messageId} (${message}): ${payments} payments, ${paid} paid now, ${paidEarlier} paid earlier, ${rejected} rejected${open === 0 ? '' : `, ${open} open`}`,
    '',
    ...table(
      [
        ['', 'paid now', 'amount', 'paid earlier', 'amount', 'rejected', 'amount'],
        ...totals.map((row) => [
          row.currency,
          ...cell(row.paid, row.currency),
          ...cell(row.paidEarlier, row.currency),
          ...cell(row.rejected, row.currency),
        ]),
      ],
      [1, 2, 3, 4, 5, 6],
    ),
    '',
    ...table([
      ...rejections.map(({ iso, code, detail, payments: count }) => ['rejected', `${count}×`, iso, code, detail]),
      ...openReasons.map(({ code, detail, payments: count }) => ['open', `${count}×`, '', code, detail]),
    ]),
    ...(rejections.length + openReasons.length === 0 ? [] : ['']),
    ...table([
      ['submit to final', milliseconds(summary.submitToFinalMs)],
      ['submit to proven', milliseconds(summary.submitToProvenMs)],
      ['blocks', blocks === undefined ? 'none' : `${blocks.count}, from ${blocks.from} to ${blocks.to}`],
      ['receipts', `${summary.receiptsVerified} verified against the genesis file, in ${shown(summary.receipts)}`],
      ['status report', shown(summary.report)],
      ['import record', shown(summary.record)],
    ]),
  ]
}
