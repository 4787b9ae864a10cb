import {
  bool,
  bytes,
  bytes32,
  type Codec,
  encode,
  fixedBytes,
  type Infer,
  list,
  option,
  refined,
  safeU64,
  sortedList,
  struct,
  u32,
  variant,
  version,
} from '../codec/index.ts'
import { type Hash, listPath, listRoot, taggedHash } from '../crypto/index.ts'
import { type Action, action } from './actions.ts'
import { accountId, type LedgerId, ledgerId, memberId, type TransactionId } from './ids.ts'
import { actionsMax, authorizersMax, groupsMax, signatureBytesMax, signaturesMax } from './limits.ts'
import { keyIdentity, publicKeyBytesMax, signatureScheme } from './policy.ts'

/** Who stands behind a transaction: an account's policy, a member's, or a validator's node key (for ticks). */
export const authorizer = variant({
  account: [1, struct({ account: accountId })],
  member: [2, struct({ member: memberId })],
  validator: [3, struct({ nodeKey: bytes32 })],
})
export type Authorizer = Infer<typeof authorizer>
const authorizers = sortedList(authorizer, authorizer, (value) => value, authorizersMax)

/** Declared by the sender and counted as declared, since leaders order without executing. */
export const transactionLimits = struct({ steps: safeU64, writtenBytes: safeU64 })
export type TransactionLimits = Infer<typeof transactionLimits>

export const ticketUse = struct({ account: accountId, number: safeU64 })

/** Actions that happen together or not at all. A netted group checks balances once, at its end. */
const group = struct({ netted: bool, actions: list(action, actionsMax) })
export type Group = Infer<typeof group>

const envelopeFields = {
  version: version(1),
  ledger: ledgerId,
  validUntilMs: safeU64,
  ticket: option(ticketUse),
  payer: memberId,
  limits: transactionLimits,
  authorizers,
}
const bodyFields = struct({
  ...envelopeFields,
  /** Random; shown to nobody who sees only a part, since it opens every component's salt. */
  nonce: fixedBytes(16),
  groups: list(group, groupsMax),
})
export type TransactionBody = Infer<typeof bodyFields>

export const transactionBody: Codec<TransactionBody> = refined(bodyFields, (body) => {
  let actions = 0
  for (const { actions: inGroup } of body.groups) {
    if (inGroup.length === 0) return 'a group has at least one action'
    actions += inGroup.length
  }
  if (actions === 0) return 'a transaction has at least one action'
  if (actions > actionsMax) return `${actions} actions, at most ${actionsMax}`
  return undefined
})

/** The body without nonce and actions, and the layout of the groups: the first component of a transaction. */
export const envelope = struct({ ...envelopeFields, layout: list(struct({ netted: bool, count: u32 }), groupsMax) })
export type Envelope = Infer<typeof envelope>

const witnessSignature = struct({
  scheme: signatureScheme,
  publicKey: bytes(publicKeyBytesMax),
  signature: bytes(signatureBytesMax),
})
export type WitnessSignature = Infer<typeof witnessSignature>

/** Signatures, sorted by key. They are not in the id: they are malleable, and a changed id would be a second payment. */
export const witness = sortedList(
  witnessSignature,
  keyIdentity,
  ({ scheme, publicKey }) => ({ scheme, publicKey }),
  signaturesMax,
)
export type Witness = Infer<typeof witness>

export const transaction = struct({ body: transactionBody, witness })
export type Transaction = Infer<typeof transaction>

export function envelopeOf(body: TransactionBody): Envelope {
  const { nonce: _, groups, ...rest } = body
  return { ...rest, layout: groups.map(({ netted, actions }) => ({ netted, count: actions.length })) }
}

/** All actions in order; an action's index here, plus one, is its component's index. */
export function actionsOf(body: TransactionBody): readonly Action[] {
  const { groups } = body
  // Most have one group, and to flatten takes as long as to hash.
  return groups.length === 1 ? groups[0]!.actions : groups.flatMap(({ actions }) => actions)
}

const saltPreimage = struct({ nonce: fixedBytes(16), index: u32 })

/** The salt of a component: 0 is the envelope, 1 the first action. */
export function componentSalt(nonce: Uint8Array, index: number): Hash {
  return taggedHash('tallystick/component-salt', encode(saltPreimage, { nonce, index }))
}

/**
 * The salt of everything that an action makes the ledger blind (receipt.ts, state.ts); 0 stands for the envelope. It is
 * not the component's salt: whoever is shown an action must not learn the blinds of the other party's entries with it.
 */
export function blindingSalt(nonce: Uint8Array, index: number): Hash {
  return taggedHash('tallystick/blinding-salt', encode(saltPreimage, { nonce, index }))
}

/** @param encoded - Canonical encoding of the component. */
export function componentLeaf(index: number, salt: Hash, encoded: Uint8Array): Hash {
  return taggedHash(index === 0 ? 'tallystick/envelope' : 'tallystick/action', salt, encoded)
}

/** A component as proofs show it. */
export interface Component {
  readonly salt: Hash
  readonly encoded: Uint8Array
}

/** The envelope, then each action. */
export function componentsOf(body: TransactionBody): Component[] {
  const encodings = [encode(envelope, envelopeOf(body)), ...actionsOf(body).map((value) => encode(action, value))]
  return encodings.map((encoded, index) => ({ salt: componentSalt(body.nonce, index), encoded }))
}

/** The leaves under a transaction's id: the envelope, then each action, each salted. */
export function componentLeaves(body: TransactionBody): Hash[] {
  return componentsOf(body).map(({ salt, encoded }, index) => componentLeaf(index, salt, encoded))
}

/** The root over the components: equal bodies have equal ids, whatever their signatures. */
export function transactionIdOf(body: TransactionBody): TransactionId {
  return listRoot('transaction', componentLeaves(body)) as TransactionId
}

export function componentPath(body: TransactionBody, index: number): Hash[] {
  return listPath(componentLeaves(body), index)
}

/** What the signers of a transaction sign: 32 bytes over tag, ledger and id. */
export function signingMessage(ledger: LedgerId, id: TransactionId): Hash {
  return taggedHash('tallystick/sign-transaction', ledger, id)
}

/** Blocks commit to the witness beside the id. */
export function witnessHashOf(value: Witness): Hash {
  return taggedHash('tallystick/witness', encode(witness, value))
}
