import { buildTransaction, eachAlone, signTransaction } from '@tallystick/client'
import {
  actionsMax,
  type LedgerId,
  type Transaction,
  type TransactionId,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { validityMs } from '../ledger/settle.ts'
import type { PaymentToSend } from './plan.ts'

/** One transaction with its payments, in the order of its actions. */
export interface PaymentUnit {
  readonly id: TransactionId
  readonly transaction: Transaction
  readonly payments: readonly PaymentToSend[]
}

/** Actions of some 330 bytes: as many stay well below the largest transaction. */
const packedMax = actionsMax

/**
 * Signs payments one by one, or packed: one transaction for the payments of a payment information, under one signature,
 * each with a result of its own.
 */
export async function signUnits(
  ledger: LedgerId,
  payments: readonly PaymentToSend[],
  packed: boolean,
): Promise<PaymentUnit[]> {
  const groups = packed ? packedGroups(payments) : payments.map((payment) => [payment])
  return Promise.all(groups.map((group) => signUnit(ledger, group)))
}

/** Payments of one payment information have one debtor; a large one is divided. */
function packedGroups(payments: readonly PaymentToSend[]): PaymentToSend[][] {
  const groups = new Map<string, PaymentToSend[]>()
  for (const planned of payments) {
    const key = `${planned.payment.paymentInformationOrdinal}/${planned.debtor.entry.address}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [planned])
    else group.push(planned)
  }
  return [...groups.values()].flatMap((group) => {
    const parts: PaymentToSend[][] = []
    for (let from = 0; from < group.length; from += packedMax) parts.push(group.slice(from, from + packedMax))
    return parts
  })
}

async function signUnit(ledger: LedgerId, payments: readonly PaymentToSend[]): Promise<PaymentUnit> {
  const { debtor } = payments[0]!
  const body = buildTransaction({
    ledger,
    groups: eachAlone(payments.map(({ action }) => action)),
    authorizers: [{ kind: 'account', account: debtor.entry.id }],
    payer: debtor.member,
    validUntilMs: Date.now() + validityMs,
  })
  return { id: transactionIdOf(body), transaction: await signTransaction(body, [debtor.signer]), payments }
}
