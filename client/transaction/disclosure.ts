import { equalBytes } from '@tallystick/core/codec'
import { commitmentOf, type DisclosureField, discloseField, type ReceiptProof } from '@tallystick/core/protocol'
import { ClientError } from '../errors.ts'
import { type PaymentIdentity, paymentSalt } from './payment-secrets.ts'

/** The off-ledger data of a payment, salted from the member's secret, in the order given. */
export function paymentFields(
  memberSecret: Uint8Array,
  payment: PaymentIdentity,
  values: readonly { readonly name: string; readonly value: string }[],
): DisclosureField[] {
  return values.map(({ name, value }) => ({ name, value, salt: paymentSalt(memberSecret, payment, name) }))
}

/**
 * Adds off-ledger fields to a receipt's proof, so that whoever gets it sees that the payment committed to them.
 * @param action - Index of the action; its component must be in the proof.
 * @param fields - All fields of the commitment. @param show - The names of those to show.
 * @throws {ClientError} CLIENT_PROOF_INCOMPLETE, or CLIENT_TRANSACTION_INVALID if a name is not among the fields.
 */
export function withDisclosure(
  proof: ReceiptProof,
  action: number,
  fields: readonly DisclosureField[],
  show: readonly string[],
): ReceiptProof {
  const component = proof.components.findIndex((part) => part.index === action + 1)
  if (component < 0) {
    throw new ClientError('CLIENT_PROOF_INCOMPLETE', { detail: `Action ${action} is not among its components.` })
  }
  const shown = show.map((name) => {
    const index = fields.findIndex((field) => field.name === name)
    if (index < 0) throw new ClientError('CLIENT_TRANSACTION_INVALID', { detail: `There is no field ${name}.` })
    return discloseField(fields, index)
  })
  // An entry that shows nothing would prove nothing, so a changed one would pass.
  if (shown.length === 0) return proof
  return { ...proof, disclosures: [...proof.disclosures, { component, fields: shown }] }
}

/** Whether these are the fields that a payment committed to. */
export function isCommitmentTo(commitment: Uint8Array, fields: readonly DisclosureField[]): boolean {
  return equalBytes(commitment, commitmentOf(fields))
}
