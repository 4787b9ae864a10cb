import { find, findAll, type MessageNode, valueAt } from '../check/node.ts'
import type { ProblemCode, ProblemFields } from '../errors.ts'
import { excerpt } from '../problem.ts'
import { isBic } from '../values/bic.ts'
import { currencyDecimals } from '../values/currency.ts'
import { parseDecimal, toMinorUnits } from '../values/decimal.ts'
import { ibanFaults } from '../values/iban.ts'
import { isLeiChecksumRight } from '../values/lei.ts'

/** Tells a problem at a node. */
export type Tell = (code: ProblemCode, node: MessageNode, fields: ProblemFields) => void

/** Rules of single values, wherever in the file they stand. Identifications under `Othr` are no IBANs. */
export function checkValueRules(node: MessageNode, tell: Tell): void {
  if (!node.isValid) return
  const { value } = node
  switch (node.type.name) {
    case 'IBAN2007Identifier': {
      const iban = excerpt(value)
      for (const fault of ibanFaults(value)) {
        if (fault === 'country') tell('PAIN001_IBAN_COUNTRY', node, { iban })
        if (fault === 'structure') tell('PAIN001_IBAN_STRUCTURE', node, { iban, country: value.slice(0, 2) })
        if (fault === 'checksum') tell('PAIN001_IBAN_CHECKSUM', node, { iban })
      }
      return
    }
    case 'BICIdentifier':
    case 'AnyBICIdentifier':
    case 'BICFIDec2014Identifier':
    case 'AnyBICDec2014Identifier':
      if (!isBic(value)) tell('PAIN001_BIC_INVALID', node, { bic: value, country: value.slice(4, 6) })
      return
    case 'LEIIdentifier':
      if (!isLeiChecksumRight(value)) tell('PAIN001_LEI_CHECKSUM', node, { lei: value })
  }
}

/** An identifier that is there, but of white space alone, identifies nothing. */
export function checkNotBlank(node: MessageNode | undefined, tell: Tell): void {
  if (node?.isValid && node.value.trim() === '') tell('PAIN001_IDENTIFIER_BLANK', node, { element: node.name })
}

/** Rules of one payment, apart from those that compare it with others. `block` is its payment information. */
export function checkPaymentRules(payment: MessageNode, block: MessageNode, amountMinorMax: bigint, tell: Tell): void {
  checkNotBlank(find(payment, 'PmtId', 'InstrId'), tell)
  checkNotBlank(find(payment, 'PmtId', 'EndToEndId'), tell)
  checkAmount(payment, amountMinorMax, tell)
  checkCurrencies(payment, block, tell)
  const account = find(payment, 'CdtrAcct')
  if (!account) tell('PAIN001_CREDITOR_ACCOUNT_MISSING', payment, {})
  checkNotBlank(find(account, 'Id', 'Othr', 'Id'), tell)
  const cheque = find(payment, 'ChqInstr')
  if (cheque) tell('PAIN001_CHEQUE', cheque, {})
  const rate = find(payment, 'XchgRateInf')
  if (rate) tell('PAIN001_EXCHANGE_RATE', rate, {})
  for (const instruction of findAll(payment, 'InstrForCdtrAgt')) {
    const code = find(instruction, 'Cd')
    const meaning = code && INSTRUCTIONS_REFUSED[code.value]
    if (code && meaning) tell('PAIN001_INSTRUCTION', code, { instruction: code.value, meaning })
  }
}

/** Instructions that change how or whether is paid. To telephone the creditor (PHOB, TELB) does not. */
const INSTRUCTIONS_REFUSED: Readonly<Record<string, string>> = {
  CHQB: 'pay the creditor by cheque only',
  HOLD: 'hold the money until the creditor calls for it',
}

function checkAmount(payment: MessageNode, amountMinorMax: bigint, tell: Tell): void {
  const equivalent = find(payment, 'Amt', 'EqvtAmt')
  if (equivalent) tell('PAIN001_EQUIVALENT_AMOUNT', equivalent, {})
  const node = find(payment, 'Amt', 'InstdAmt')
  const currency = node?.attributes.get('Ccy')
  if (!node?.isValid || currency === undefined) return
  const amount = parseDecimal(node.value)
  if (!amount) return
  if (amount.units === 0n) tell('PAIN001_AMOUNT_ZERO', node, {})
  const decimals = currencyDecimals(currency)
  if (decimals === undefined) {
    tell('PAIN001_CURRENCY_UNKNOWN', node, { currency })
    return
  }
  const minor = toMinorUnits(amount, decimals)
  if (minor === undefined) tell('PAIN001_AMOUNT_DECIMALS', node, { amount: node.value, currency, decimals })
  else if (minor > amountMinorMax) {
    tell('PAIN001_AMOUNT_TOO_LARGE', node, { amount: node.value, currency, max: String(amountMinorMax) })
  }
}

/**
 * An account that states its currency takes payments in that currency only (`Ccy` tells the currencies of one account
 * number apart): another currency asks for a conversion.
 */
function checkCurrencies(payment: MessageNode, block: MessageNode, tell: Tell): void {
  const currency = find(payment, 'Amt', 'InstdAmt')?.attributes.get('Ccy')
  if (currency === undefined) return
  const accounts = [
    ['the debtor account', find(block, 'DbtrAcct', 'Ccy')],
    ['the creditor account', find(payment, 'CdtrAcct', 'Ccy')],
  ] as const
  for (const [account, held] of accounts) {
    if (held?.isValid && held.value !== currency) {
      tell('PAIN001_CONVERSION', find(payment, 'Amt', 'InstdAmt')!, { account, held: held.value, currency })
    }
  }
}

/** Elements that the message guide allows on one of the two levels only. They change nothing in what is settled. */
export const ONE_LEVEL_ONLY = ['PmtTpInf', 'UltmtDbtr', 'ChrgBr'] as const

/** Rules of a payment information before its payments, apart from dates. */
export function checkBlockRules(block: MessageNode, tell: Tell): void {
  checkNotBlank(find(block, 'PmtInfId'), tell)
  checkNotBlank(find(block, 'DbtrAcct', 'Id', 'Othr', 'Id'), tell)
  const method = find(block, 'PmtMtd')
  // TRA is a credit transfer after which the debtor is advised, which the status report does.
  if (method?.isValid && method.value !== 'TRF' && method.value !== 'TRA') {
    tell('PAIN001_PAYMENT_METHOD', method, { method: method.value })
  }
  const held = valueAt(block, 'DbtrAcct', 'Ccy')
  if (held !== undefined && /^[A-Z]{3}$/.test(held) && currencyDecimals(held) === undefined) {
    tell('PAIN001_CURRENCY_UNKNOWN', find(block, 'DbtrAcct', 'Ccy')!, { currency: held })
  }
}
