import type { NetworkKind } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import { checkEntry, parseEntries } from './address-book.ts'
import type { AddressBookEntry } from './entry.ts'

const columns = ['account', 'bic', 'name', 'address', 'member', 'keyFile'] as const

/** One line of CSV (RFC 4180): fields may stand in quotes, a quote inside is doubled. */
function splitLine(line: string): string[] {
  const fields: string[] = []
  let at = 0
  do {
    if (line[at] === '"') {
      const end = /"(?:,|$)/.exec(line.slice(at + 1).replaceAll('""', '\0\0'))
      if (end === null) return []
      fields.push(line.slice(at + 1, at + 1 + end.index).replaceAll('""', '"'))
      at += end.index + 3
    } else {
      const comma = line.indexOf(',', at)
      fields.push(line.slice(at, comma < 0 ? line.length : comma))
      at = comma < 0 ? line.length + 1 : comma + 1
    }
  } while (at <= line.length && !(at === line.length + 1))
  return fields
}

function parseCsv(path: string, text: string, network: NetworkKind): AddressBookEntry[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const head = splitLine(lines[0] ?? '').map((name) => name.trim())
  const unknown = head.filter((name) => !columns.some((column) => column === name))
  if (!head.includes('account') || !head.includes('address') || unknown.length > 0) {
    throw new CliError(
      'ADDRESS_BOOK_MALFORMED',
      `${path}:1: the columns are some of ${columns.join(',')}, with account and address`,
    )
  }
  return lines.flatMap((line, i) => {
    if (i === 0 || line.trim() === '') return []
    const fields = splitLine(line)
    const where = `${path}:${i + 1}`
    if (fields.length !== head.length) {
      throw new CliError('ADDRESS_BOOK_MALFORMED', `${where}: ${fields.length} fields, ${head.length} are wanted`)
    }
    const entry = Object.fromEntries(head.map((name, column) => [name, fields[column]?.trim()]))
    return [checkEntry(where, { ...entry, account: accountIdOf(entry.account ?? '') }, network)]
  })
}

/** A spreadsheet has plain IBANs and account numbers. */
function accountIdOf(text: string): string {
  if (/^(IBAN|OTHR):/.test(text)) return text
  const compact = text.replace(/\s/g, '').toUpperCase()
  return /^[A-Z]{2}\d{2}[A-Z0-9]{1,30}$/.test(compact) ? `IBAN:${compact}` : `OTHR:${text}`
}

/** Accounts of a JSON file in the address book's own form, or of a CSV file with a header. */
export function parseAddressFile(path: string, text: string, network: NetworkKind): AddressBookEntry[] {
  return text.trimStart().startsWith('{') ? parseEntries(path, text, network) : parseCsv(path, text, network)
}
