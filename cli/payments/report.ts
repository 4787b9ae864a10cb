import { createHash } from 'node:crypto'
import type { Pain001File, ReportedPayment, StatusReason } from '@tallystick/iso20022'
import { streamPain002 } from '@tallystick/iso20022'
import { replaceFile } from '../replace-file.ts'
import type { SettledPayment } from './outcome.ts'

const isoSecond = (timeMs: number): string =>
  new Date(Math.floor(timeMs / 1_000) * 1_000).toISOString().replace('.000', '')

function reportedPayment({ outcome, ...payment }: SettledPayment): ReportedPayment {
  const { paymentInformationId, instructionId, endToEndId, uetr } = payment
  const place = {
    paymentInformationId,
    ...(instructionId !== undefined && { instructionId }),
    ...(endToEndId !== undefined && { endToEndId }),
    ...(uetr !== undefined && { uetr }),
  }
  if (outcome.kind === 'open') return { ...place, status: 'PDNG' }
  if (outcome.kind === 'rejected') {
    const { code, iso, detail, receipt } = outcome
    const reasons = [{ code: iso, additionalInfo: `${code}: ${detail}` }]
    return { ...place, status: 'RJCT', reasons, ...(receipt && { accountServicerReference: receipt.id.slice(0, 35) }) }
  }
  const { id, timeMs } = outcome.receipt
  return {
    ...place,
    status: 'ACCC',
    acceptanceDateTimeIso: isoSecond(timeMs),
    accountServicerReference: id.slice(0, 35),
  }
}

/** The report's own identifier: up to 35 characters, another for each report. */
function messageIdOf(file: Pain001File, nowMs: number): string {
  const hash = createHash('sha256').update(`${file.messageId}/${nowMs}`).digest('hex').slice(0, 16)
  return `TALLY-${hash}`.toUpperCase()
}

/**
 * Writes the pain.002 status report of a file: every payment with ACCC, or RJCT and its ISO reason.
 * @param payments - In the order of the file. @param groupReasons - Why the file was refused as a whole.
 */
export async function writeReport(
  path: string,
  file: Pain001File,
  payments: readonly SettledPayment[],
  groupReasons?: readonly StatusReason[],
): Promise<void> {
  const nowMs = Date.now()
  const { version, messageName, messageId, creationDateTime, numberOfTransactions, controlSum } = file
  const text = streamPain002({
    file: {
      version: version as 'pain.001.001.03' | 'pain.001.001.09',
      messageName,
      messageId,
      numberOfTransactions,
      ...(creationDateTime !== undefined && { creationDateTime }),
      ...(controlSum !== undefined && { controlSum }),
    },
    messageId: messageIdOf(file, nowMs),
    creationDateTimeIso: isoSecond(nowMs),
    initiatingParty: { name: 'Tallystick' },
    ...(groupReasons !== undefined && { groupReasons }),
    payments: () => payments.map(reportedPayment),
  })
  await replaceFile(path, text)
}
