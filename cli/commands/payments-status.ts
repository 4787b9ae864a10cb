import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { table } from '../output/table.ts'
import { type ImportRecord, readRecord, recordPaths } from '../payments/record.ts'

function countsOf({ payments }: ImportRecord): Record<'paid' | 'rejected' | 'open', number> {
  const counts = { paid: 0, rejected: 0, open: 0 }
  for (const { outcome } of payments.values()) {
    if (outcome?.kind === 'rejected') counts.rejected += 1
    else if (outcome?.kind === 'paid' || outcome?.kind === 'paid-earlier') counts.paid += 1
    else counts.open += 1
  }
  return counts
}

/** Tells what the records of this home say; asks no node. */
export function paymentsStatusCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'status [message-id]',
    summary: 'say what became of the imported files, or of each payment of one',
    example: 'payments status TALLY-20261121',
  }
  defineCommand(parent, runtime, shape, async ({ home, output }, _options, messageId = '') => {
    const records = await Promise.all((await recordPaths(home)).map((path) => readRecord(path)))
    const wanted = messageId === '' ? records : records.filter((record) => record.messageId === messageId)
    if (messageId !== '' && wanted.length === 0) {
      throw new CliError('PAYMENT_NOT_FOUND', `no file with the message id ${messageId} was imported here`)
    }
    const files = wanted.map((record) => {
      const { path, file, importedMs, payments } = record
      return {
        messageId: record.messageId,
        file,
        importedMs,
        record: path,
        payments: payments.size,
        ...countsOf(record),
      }
    })
    const listed = messageId === '' ? [] : wanted.flatMap(({ payments }) => [...payments.values()])
    const payments = listed.map(({ fields: _, ...payment }) => payment)
    output.result({ files, ...(messageId !== '' && { payments }) }, [
      ...table(
        [
          ['message', 'payments', 'paid', 'rejected', 'open', 'record'],
          ...files.map((row) => [
            row.messageId,
            ...[row.payments, row.paid, row.rejected, row.open].map(String),
            row.record,
          ]),
        ],
        [1, 2, 3, 4],
      ),
      ...table(
        payments.map(({ ordinal, endToEndId, currency, amountMinor, outcome }) => [
          `  #${ordinal}`,
          endToEndId,
          currency,
          amountMinor,
          outcome === undefined ? 'open' : 'code' in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind,
          outcome !== undefined && 'receipt' in outcome ? (outcome.receipt?.file ?? '') : '',
        ]),
        [3],
      ),
    ])
  })
}
