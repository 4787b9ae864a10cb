import { type Policy, permission, type Witness } from '../protocol/index.ts'
import { latin1 } from './state/state-key-text.ts'

const permissionBits: readonly number[] = Object.values(permission)

interface Contribution {
  readonly weight: number
  readonly permissions: number
}

function identityText(key: { readonly scheme: string; readonly publicKey: Uint8Array }): string {
  return `${key.scheme} ${latin1(key.publicKey)}`
}

/** How the signatures of a witness weigh under one policy, by permission. */
export class PolicyTally {
  readonly #threshold: number
  /** By the signature's place in the witness. */
  readonly #contributions = new Map<number, Contribution>()
  /** By permission bit: the sum of the weights of the signing keys that have it. */
  readonly #weights = new Map<number, number>()

  constructor(policy: Policy, witness: Witness) {
    this.#threshold = policy.threshold
    const signatures = new Map(witness.map((signature, i) => [identityText(signature), i]))
    for (const key of policy.keys) {
      const signature = signatures.get(identityText(key))
      if (signature === undefined) continue
      this.#contributions.set(signature, key)
      for (const bit of permissionBits) {
        if (key.permissions & bit) this.#weights.set(bit, this.weight(bit) + key.weight)
      }
    }
  }

  weight(bit: number): number {
    return this.#weights.get(bit) ?? 0
  }

  /** Whether the signers reach the threshold with one permission. */
  reaches(bit: number): boolean {
    return this.weight(bit) >= this.#threshold
  }

  /** Whether they reach it with every needed permission; with any, if none is needed. */
  satisfies(needed: number): boolean {
    if (needed === 0) return permissionBits.some((bit) => this.reaches(bit))
    return permissionBits.every((bit) => !(needed & bit) || this.reaches(bit))
  }

  /** Whether the policy would not be satisfied without that signature; false for one that is not of this policy. */
  wouldMiss(signature: number, needed: number): boolean {
    const contribution = this.#contributions.get(signature)
    if (contribution === undefined) return false
    const remains = (bit: number): boolean =>
      this.weight(bit) - (contribution.permissions & bit ? contribution.weight : 0) >= this.#threshold
    if (needed === 0) return !permissionBits.some(remains)
    return permissionBits.some((bit) => needed & bit && !remains(bit))
  }
}
