import { readFileSync } from 'node:fs'

/** One shipment of the USAID SCMS delivery history. Amounts are US cents, days are counted from 1970. */
export interface Shipment {
  readonly id: number
  readonly country: string
  readonly vendor: string
  readonly mode: string
  readonly value: bigint
  readonly freight: bigint
  readonly ordered: number
  readonly scheduled: number
  readonly delivered: number
  readonly recorded: number
}

const dayMs = 86_400_000
/** Where a row does not say when it was ordered, it was so long before it was due or there, whichever came first. */
const orderedDaysBefore = 30
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** @throws {TypeError} for a row that the rules of README.md do not cover. */
export function readShipments(file: URL): Shipment[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  const names = head!.split('\t')
  return lines.map((line) => {
    const cells = line.split('\t').map((cell) => cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
    return shipmentOf((name) => cells[names.indexOf(name)]!)
  })
}

function shipmentOf(cell: (name: string) => string): Shipment {
  const freight = cell('Freight Cost (USD)')
  const ordered = cell('PO Sent to Vendor Date')
  const [scheduled, delivered, recorded] = ['Scheduled', 'Delivered to Client', 'Delivery Recorded'].map((what) =>
    dayOfShort(cell(`${what}${what === 'Scheduled' ? ' Delivery' : ''} Date`)),
  ) as [number, number, number]
  const earliest = Math.min(scheduled, delivered)
  const orderedDay = dayOfSlashed(ordered)
  return {
    id: Number(cell('ID')),
    country: cell('Country'),
    vendor: cell('Vendor'),
    mode: cell('Shipment Mode'),
    value: centsOf(cell('Line Item Value')),
    freight: isAmount(freight) ? centsOf(freight) : freightNotSaid(freight),
    ordered: orderedDay !== undefined && orderedDay < earliest ? orderedDay : earliest - orderedDaysBefore,
    scheduled,
    delivered,
    recorded,
  }
}

function isAmount(text: string): boolean {
  return /^\d+(\.\d{1,2})?$/.test(text)
}

function centsOf(text: string): bigint {
  if (!isAmount(text)) throw new TypeError(`"${text}" is no amount of dollars and cents`)
  const [dollars, cents = ''] = text.split('.')
  return BigInt(dollars! + cents.padEnd(2, '0'))
}

/** It is in the value, comes with the freight of another row, or by an invoice that is not here: nothing is paid with this row. */
function freightNotSaid(text: string): bigint {
  const isKnown = /^(Freight Included in Commodity Cost|Invoiced Separately|See (ASN|DN)-\d+ \(ID#:\d+\))$/.test(text)
  if (!isKnown) throw new TypeError(`"${text}" is no freight`)
  return 0n
}

/** `2-Jun-06` */
function dayOfShort(text: string): number {
  const [, day, month, year] = /^(\d{1,2})-([A-Z][a-z]{2})-(\d{2})$/.exec(text) ?? []
  const monthIndex = months.indexOf(month ?? '?') / 3
  if (!Number.isInteger(monthIndex)) throw new TypeError(`"${text}" is no day`)
  return Date.UTC(2000 + Number(year), monthIndex, Number(day)) / dayMs
}

/** `11/30/2007` or `4/9/07`, month first; `undefined` for `N/A - From RDC` and `Date Not Captured`. */
function dayOfSlashed(text: string): number | undefined {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(text) ?? []
  if (year === undefined) return undefined
  return Date.UTC(year.length === 2 ? 2000 + Number(year) : Number(year), Number(month) - 1, Number(day)) / dayMs
}
