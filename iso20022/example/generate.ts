import { namespaceOf } from '../table/namespaces.ts'
import type { Pain001Version } from '../table/schema.ts'
import { currencyDecimals } from '../values/currency.ts'
import { addDecimals, type Decimal, formatDecimal, fromMinorUnits, ZERO } from '../values/decimal.ts'
import { element, textElement } from '../xml/write.ts'
import type { ExampleAccount } from './accounts.ts'
import { type ExampleOptions, type PlannedBlock, type PlannedPayment, planExample } from './plan.ts'

/**
 * A realistic and valid pain.001 file of payment runs, as one text. See `streamExample` for large ones.
 * @throws {RangeError} for an example that can't be made.
 */
export function generateExample(options: ExampleOptions): string {
  return [...streamExample(options)].join('')
}

/** The same file in pieces: memory does not grow with the number of payments. */
export function* streamExample(options: ExampleOptions): Generator<string> {
  const version = options.version ?? 'pain.001.001.09'
  const blocks = planExample(options)
  const sums = blocks.map(sumOfBlock)
  const count = blocks.reduce((total, block) => total + block.count, 0)
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespaceOf(version)}">\n<CstmrCdtTrfInitn>\n`
  yield groupHeader(options, version, count, sums.reduce(addDecimals, ZERO))
  for (const [index, block] of blocks.entries()) {
    yield `<PmtInf>\n${blockHeader(block, options, version, sums[index]!)}`
    for (const payment of block.payments()) yield transaction(payment, block.debtor.currency, version)
    yield '</PmtInf>\n'
  }
  yield '</CstmrCdtTrfInitn>\n</Document>\n'
}

function sumOfBlock(block: PlannedBlock): Decimal {
  const decimals = currencyDecimals(block.debtor.currency) ?? 2
  let minor = 0n
  for (const { amountMinor } of block.payments()) minor += amountMinor
  return fromMinorUnits(minor, decimals)
}

function groupHeader(options: ExampleOptions, version: Pain001Version, count: number, sum: Decimal): string {
  const [first] = options.debtors
  const lei = version === 'pain.001.001.03' ? undefined : first?.lei
  return `${element(
    'GrpHdr',
    textElement('MsgId', options.messageId) +
      textElement('CreDtTm', options.creationDateTimeIso ?? `${options.businessDate}T06:00:00Z`) +
      textElement('NbOfTxs', String(count)) +
      textElement('CtrlSum', formatDecimal(sum, 2)) +
      element(
        'InitgPty',
        textElement('Nm', options.initiatingParty ?? first?.name) +
          (lei === undefined || options.initiatingParty !== undefined
            ? ''
            : element('Id', element('OrgId', textElement('LEI', lei)))),
      ),
  )}\n`
}

function blockHeader(block: PlannedBlock, options: ExampleOptions, version: Pain001Version, sum: Decimal): string {
  const { debtor, purpose } = block
  const inEuro = debtor.currency === 'EUR'
  const date = textElement('Dt', options.businessDate)
  return (
    textElement('PmtInfId', block.paymentInformationId) +
    textElement('PmtMtd', 'TRF') +
    textElement('BtchBookg', String(purpose === 'SALA')) +
    textElement('NbOfTxs', String(block.count)) +
    textElement('CtrlSum', formatDecimal(sum, currencyDecimals(debtor.currency))) +
    element(
      'PmtTpInf',
      (inEuro ? element('SvcLvl', textElement('Cd', 'SEPA')) : '') + element('CtgyPurp', textElement('Cd', purpose)),
    ) +
    (version === 'pain.001.001.03' ? textElement('ReqdExctnDt', options.businessDate) : element('ReqdExctnDt', date)) +
    `\n${element('Dbtr', party(debtor, version))}` +
    element('DbtrAcct', account(debtor) + textElement('Ccy', debtor.currency)) +
    element('DbtrAgt', agent(debtor, version)) +
    `${textElement('ChrgBr', inEuro ? 'SLEV' : 'SHAR')}\n`
  )
}

function transaction(payment: PlannedPayment, currency: string, version: Pain001Version): string {
  const { creditor } = payment
  const amount = formatDecimal(
    fromMinorUnits(payment.amountMinor, currencyDecimals(currency) ?? 2),
    currencyDecimals(currency),
  )
  return `${element(
    'CdtTrfTxInf',
    element(
      'PmtId',
      textElement('InstrId', payment.instructionId) +
        textElement('EndToEndId', payment.endToEndId) +
        (version === 'pain.001.001.03' ? '' : textElement('UETR', payment.uetr)),
    ) +
      element('Amt', element('InstdAmt', amount, { Ccy: currency })) +
      (creditor.bic === undefined ? '' : element('CdtrAgt', agent(creditor, version))) +
      element('Cdtr', party(creditor, version)) +
      element('CdtrAcct', account(creditor)) +
      element('Purp', textElement('Cd', payment.purpose)) +
      element('RmtInf', remittance(payment)),
  )}\n`
}

function party({ name, town, country, lei }: ExampleAccount, version: Pain001Version): string {
  const address = textElement('TwnNm', town) + textElement('Ctry', country)
  return (
    textElement('Nm', name) +
    (address === '' ? '' : element('PstlAdr', address)) +
    (lei === undefined || version === 'pain.001.001.03' ? '' : element('Id', element('OrgId', textElement('LEI', lei))))
  )
}

function account({ name, iban, other }: ExampleAccount): string {
  if (iban === undefined && other === undefined) throw new RangeError(`the account of ${name} has no number`)
  return element('Id', iban === undefined ? element('Othr', textElement('Id', other)) : textElement('IBAN', iban))
}

/** The bank; one that is not known is said to be so, as usual in Europe. */
function agent({ bic }: ExampleAccount, version: Pain001Version): string {
  const name = version === 'pain.001.001.03' ? 'BIC' : 'BICFI'
  const identification = bic === undefined ? element('Othr', textElement('Id', 'NOTPROVIDED')) : textElement(name, bic)
  return element('FinInstnId', identification)
}

function remittance({ text, reference, invoice }: PlannedPayment): string {
  if (reference !== undefined) {
    const type = element('Tp', element('CdOrPrtry', textElement('Cd', 'SCOR')))
    return element('Strd', element('CdtrRefInf', type + textElement('Ref', reference)))
  }
  if (!invoice) return textElement('Ustrd', text)
  const type = element('Tp', element('CdOrPrtry', textElement('Cd', 'CINV')))
  return element(
    'Strd',
    element('RfrdDocInf', type + textElement('Nb', invoice.number) + textElement('RltdDt', invoice.date)),
  )
}
