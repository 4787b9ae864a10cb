import { namespaceOf } from '../table/namespaces.ts'
import type { Pain002Version } from '../table/schema.ts'
import { element, textElement } from '../xml/write.ts'
import type { Pain002Options, PaymentStatus, ReportedPayment, StatusReason } from './model.ts'
import { groupStatus, type StatusCounts, statusCode } from './status.ts'

const ADDITIONAL_INFO_CHARS_MAX = 105
const ADDITIONAL_INFO_LINES_MAX = 20
const PIECE_CHARS_MIN = 1 << 14

/** The report that answers a version of pain.001: V03 goes with V03, V10 with V09. */
export function reportVersionOf(version: Pain002Options['file']['version']): Pain002Version {
  return version === 'pain.001.001.03' ? 'pain.002.001.03' : 'pain.002.001.10'
}

/** The report as one text. See `streamPain002` for large ones. */
export async function writePain002(options: Pain002Options): Promise<string> {
  let text = ''
  for await (const piece of streamPain002(options)) text += piece
  return text
}

/**
 * Writes a pain.002 status report in pieces, valid against the schema of its version.
 *
 * National forms get the report of their base. The original's identifiers are repeated as they are, so that the
 * initiator's software finds its payments.
 * @throws {RangeError} if `payments` does not give the same statuses twice.
 */
export async function* streamPain002(options: Pain002Options): AsyncGenerator<string> {
  const version = reportVersionOf(options.file.version)
  const counts = await countPayments(options)
  let piece = `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespaceOf(version)}"><CstmrPmtStsRpt>`
  piece += header(options, version) + originalGroup(options, counts.all, version)
  const written = newCounts()
  let run = -1
  for await (const payment of options.payments()) {
    if (run < 0 || payment.paymentInformationId !== counts.runs[run]?.id) {
      if (run >= 0) piece += '\n</OrgnlPmtInfAndSts>'
      run += 1
      piece += `\n<OrgnlPmtInfAndSts>${originalBlock(payment.paymentInformationId, counts.runs[run]?.counts, version)}`
    }
    written[payment.status] += 1
    piece += `\n${transaction(payment, version)}`
    if (piece.length >= PIECE_CHARS_MIN) {
      yield piece
      piece = ''
    }
  }
  if (STATUSES.some((status) => written[status] !== counts.all[status])) {
    throw new RangeError('the payments changed while the report was written')
  }
  yield `${piece}${run < 0 ? '' : '\n</OrgnlPmtInfAndSts>'}\n</CstmrPmtStsRpt></Document>\n`
}

const STATUSES = ['ACCC', 'RJCT', 'PDNG'] as const

type Counts = Record<PaymentStatus, number>
const newCounts = (): Counts => ({ ACCC: 0, RJCT: 0, PDNG: 0 })

/** One payment information as reported: payments one after the other that name it. */
type Run = { readonly id: string; readonly counts: Counts }

async function countPayments(options: Pain002Options): Promise<{ all: Counts; runs: Run[] }> {
  const all = newCounts()
  const runs: Run[] = []
  for await (const { paymentInformationId: id, status } of options.payments()) {
    if (runs.at(-1)?.id !== id) runs.push({ id, counts: newCounts() })
    runs.at(-1)!.counts[status] += 1
    all[status] += 1
  }
  return { all, runs }
}

function header({ messageId, creationDateTimeIso, initiatingParty }: Pain002Options, version: Pain002Version): string {
  return `\n${element(
    'GrpHdr',
    textElement('MsgId', messageId) +
      textElement('CreDtTm', creationDateTimeIso) +
      (initiatingParty ? element('InitgPty', party(initiatingParty, version)) : ''),
  )}`
}

/** The BIC of an organisation has another name in each version, and V03 has no LEI. */
function party({ name, bic, lei }: NonNullable<Pain002Options['initiatingParty']>, version: Pain002Version): string {
  const old = version === 'pain.002.001.03'
  const identification = textElement(old ? 'BICOrBEI' : 'AnyBIC', bic) + (old ? '' : textElement('LEI', lei))
  return textElement('Nm', name) + (identification === '' ? '' : element('Id', element('OrgId', identification)))
}

function originalGroup(
  { file, groupReasons = [] }: Pain002Options,
  counts: StatusCounts,
  version: Pain002Version,
): string {
  const status = groupReasons.length > 0 ? 'RJCT' : groupStatus(counts, version)
  return `\n${element(
    'OrgnlGrpInfAndSts',
    textElement('OrgnlMsgId', file.messageId) +
      textElement('OrgnlMsgNmId', file.messageName) +
      textElement('OrgnlCreDtTm', file.creationDateTime) +
      textElement('OrgnlNbOfTxs', String(file.numberOfTransactions)) +
      textElement('OrgnlCtrlSum', file.controlSum) +
      textElement('GrpSts', status) +
      groupReasons.map(reasonInformation).join('') +
      perStatus(counts, version),
  )}`
}

function originalBlock(id: string, counts: StatusCounts = newCounts(), version: Pain002Version): string {
  return (
    textElement('OrgnlPmtInfId', id) +
    textElement('PmtInfSts', groupStatus(counts, version)) +
    perStatus(counts, version)
  )
}

function perStatus(counts: StatusCounts, version: Pain002Version): string {
  return STATUSES.filter((status) => counts[status] > 0)
    .map((status) =>
      element(
        'NbOfTxsPerSts',
        textElement('DtldNbOfTxs', String(counts[status])) + textElement('DtldSts', statusCode(status, version)),
      ),
    )
    .join('')
}

function transaction(payment: ReportedPayment, version: Pain002Version): string {
  const { reasons = [] } = payment
  return element(
    'TxInfAndSts',
    textElement('OrgnlInstrId', payment.instructionId) +
      textElement('OrgnlEndToEndId', payment.endToEndId) +
      (version === 'pain.002.001.03' ? '' : textElement('OrgnlUETR', payment.uetr)) +
      textElement('TxSts', statusCode(payment.status, version)) +
      reasons.map(reasonInformation).join('') +
      textElement('AccptncDtTm', payment.acceptanceDateTimeIso) +
      textElement('AcctSvcrRef', payment.accountServicerReference),
  )
}

function reasonInformation({ code, additionalInfo = '' }: StatusReason): string {
  return element(
    'StsRsnInf',
    element('Rsn', textElement('Cd', code)) +
      lines(additionalInfo)
        .map((line) => textElement('AddtlInf', line))
        .join(''),
  )
}

/** Cuts a text into lines that fit, at spaces where it has some. Counts characters of Unicode. */
function lines(text: string): string[] {
  const left = [...text.replace(/\s+/g, ' ').trim()]
  const found: string[] = []
  while (left.length > 0 && found.length < ADDITIONAL_INFO_LINES_MAX) {
    const space = left.length > ADDITIONAL_INFO_CHARS_MAX ? left.lastIndexOf(' ', ADDITIONAL_INFO_CHARS_MAX) : -1
    const length = space > 0 ? space : ADDITIONAL_INFO_CHARS_MAX
    found.push(left.splice(0, length).join(''))
    if (left[0] === ' ') left.shift()
  }
  return found
}
