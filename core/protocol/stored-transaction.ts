import { bytes, bytes32, type Infer, list, struct, variant } from '../codec/index.ts'
import { type Hash, listRoot } from '../crypto/index.ts'
import type { TransactionId } from './ids.ts'
import { actionsMax, transactionBytesMax } from './limits.ts'
import { componentLeaf, componentsOf, type Transaction, transaction, transactionIdOf, witness } from './transaction.ts'

/** A component that a stored block still has, or the leaf that remains of an erased one. */
const storedComponent = variant({
  present: [1, struct({ salt: bytes32, encoded: bytes(transactionBytesMax) })],
  erased: [2, struct({ leaf: bytes32 })],
})

/**
 * A transaction as blocks keep it: whole, or with components erased. An erased component takes the nonce and its own salt
 * with it, so what it said can't be found by guessing; the id still follows from the leaves.
 */
export const storedTransaction = variant({
  whole: [1, struct({ transaction })],
  partial: [2, struct({ components: list(storedComponent, actionsMax + 1), witness })],
})
export type StoredTransaction = Infer<typeof storedTransaction>

/** The id that a stored transaction proves, erased or not. */
export function storedTransactionIdOf(stored: StoredTransaction): TransactionId {
  if (stored.kind === 'whole') return transactionIdOf(stored.transaction.body)
  const leaves = stored.components.map(
    (component, index): Hash =>
      component.kind === 'erased' ? component.leaf : componentLeaf(index, component.salt, component.encoded),
  )
  return listRoot('transaction', leaves) as TransactionId
}

function splitComponents({ body }: Transaction): Extract<StoredTransaction, { kind: 'partial' }>['components'] {
  return componentsOf(body).map((component) => ({ kind: 'present', ...component }))
}

/**
 * Erases one component for ever; the id, and every proof under it, stays valid.
 * @param index - 0 is the envelope, 1 the first action.
 * @throws {RangeError} if there is no such component.
 */
export function eraseComponent(stored: StoredTransaction, index: number): StoredTransaction {
  const components = stored.kind === 'whole' ? splitComponents(stored.transaction) : stored.components.slice()
  const component = components[index]
  if (component === undefined) throw new RangeError(`no component ${index} among ${components.length}`)
  if (component.kind === 'present') {
    components[index] = { kind: 'erased', leaf: componentLeaf(index, component.salt, component.encoded) }
  }
  return { kind: 'partial', components, witness: stored.kind === 'whole' ? stored.transaction.witness : stored.witness }
}
