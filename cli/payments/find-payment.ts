import { CliError } from '../errors.ts'
import { type ImportRecord, type RecordedPayment, readRecord, recordPaths } from './record.ts'

/** A payment of a record, with where it stands. */
export interface FoundPayment {
  readonly record: ImportRecord
  readonly payment: RecordedPayment
}

/**
 * @param text - EndToEndId, InstrId, `#` and the place in the file, or the id of the transaction (with its action).
 * @param messageId - Of which message, where several have such a payment.
 * @throws {CliError} PAYMENT_NOT_FOUND, PAYMENT_AMBIGUOUS
 */
export async function findPayment(home: string, text: string, messageId?: string): Promise<FoundPayment> {
  const found: FoundPayment[] = []
  for (const path of await recordPaths(home)) {
    const record = await readRecord(path, (payment) => isId(text) || isNamed(payment, text))
    if (messageId !== undefined && record.messageId !== messageId) continue
    for (const payment of record.payments.values()) {
      if (isNamed(payment, text) || isOfTransaction(payment, text)) found.push({ record, payment })
    }
  }
  const [first] = found
  if (first === undefined) throw new CliError('PAYMENT_NOT_FOUND', `no payment "${text}" was imported here`)
  if (found.length === 1) return first
  const places = found.slice(0, 5).map(({ record, payment }) => `${record.messageId} #${payment.ordinal}`)
  throw new CliError('PAYMENT_AMBIGUOUS', `"${text}" names ${found.length} payments: ${places.join(', ')}`)
}

const isId = (text: string): boolean => /^[0-9a-f]{64}/.test(text)

function isNamed({ ordinal, instructionId, endToEndId }: RecordedPayment, text: string): boolean {
  return text === `#${ordinal}` || text === instructionId || text === endToEndId
}

function isOfTransaction({ outcome }: RecordedPayment, text: string): boolean {
  const receipt = outcome !== undefined && 'receipt' in outcome ? outcome.receipt : undefined
  return receipt !== undefined && (receipt.id === text || receipt.file === text || receipt.file === `${text}.json`)
}
