import { PROBLEMS } from '../errors.ts'
import type { PaymentOutcome } from '../pain001/scan.ts'
import type { Problem } from '../problem.ts'
import type { ReportedPayment, StatusReason } from './model.ts'

const REASONS_MAX = 10

/** The reasons that a report states for problems: their ISO codes, each problem in words. */
export function reasonsOf(problems: readonly Problem[]): StatusReason[] {
  return problems
    .filter(({ severity }) => severity === 'error')
    .slice(0, REASONS_MAX)
    .map(({ code, message, line }) => ({
      code: PROBLEMS[code].reason,
      additionalInfo: `${code}: ${message} (line ${line})`,
    }))
}

const IDENTIFIER_CHARS_MAX = 35

/**
 * The entry of a report for a payment that the check refused. Identifiers that are missing or too long to be repeated
 * are left out; the payment information, which a report must name, is cut or called NOTPROVIDED.
 */
export function rejectedPayment(outcome: Extract<PaymentOutcome, { payable: false }>): ReportedPayment {
  const { paymentInformationId = '', instructionId = '', endToEndId = '' } = outcome.place
  return {
    paymentInformationId: [...paymentInformationId].slice(0, IDENTIFIER_CHARS_MAX).join('') || 'NOTPROVIDED',
    ...(isIdentifier(instructionId) ? { instructionId } : {}),
    ...(isIdentifier(endToEndId) ? { endToEndId } : {}),
    status: 'RJCT',
    reasons: reasonsOf(outcome.problems),
  }
}

function isIdentifier(value: string): boolean {
  return value !== '' && [...value].length <= IDENTIFIER_CHARS_MAX
}
