import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { openMissingAccounts } from '../demo/open-missing-accounts.ts'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'
import type { ImportOptions } from './import-file.ts'

/** The options of an import as the command line has them. */
export interface ImportFlags {
  readonly packed?: boolean
  readonly partial?: boolean
  readonly executeNow?: boolean
  readonly businessDate?: string
  readonly openAccounts?: boolean
  readonly memberKey?: string
}

export function addImportFlags(command: Command): Command {
  return command
    .option('--packed', 'one transaction per payment information, under one signature')
    .option('--partial', 'send the payments without problems although others are refused')
    .option('--execute-now', 'pay what is dated later than the window today, instead of refusing it')
    .option('--business-date <date>', 'YYYY-MM-DD for all payments, instead of the dates of an old file')
    .option('--open-accounts', 'demo networks: open and fund the accounts that are missing')
    .option('--member-key <file>', "key file of the debtors' bank, where it is not in the home")
}

/** @throws {CliError} VALUE_INVALID for a business date that is none. */
export function importOptionsOf(
  context: Context,
  connection: Connection,
  file: string,
  flags: ImportFlags,
): ImportOptions {
  const { cwd } = context.terminal
  const { businessDate, memberKey } = flags
  if (businessDate !== undefined && !isDate(businessDate)) {
    throw new CliError('VALUE_INVALID', `--business-date is a date of the form YYYY-MM-DD, not "${businessDate}"`)
  }
  return {
    file: resolve(cwd, file),
    packed: flags.packed === true,
    partial: flags.partial === true,
    executeNow: flags.executeNow === true,
    businessDate,
    memberKey: memberKey === undefined ? undefined : resolve(cwd, memberKey),
    prepare:
      flags.openAccounts === true ? (_, payments) => openMissingAccounts(context, connection, payments) : undefined,
  }
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}
