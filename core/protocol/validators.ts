import { bytes32, type Codec, encode, type Infer, list, refined, struct, u128 } from '../codec/index.ts'
import { type Hash, listRoot, taggedHash, verifyEd25519 } from '../crypto/index.ts'
import { type QuorumSignatures, type VoteKind, voteMessage } from './finality.ts'
import { type LedgerId, memberId } from './ids.ts'
import { validatorsMax } from './limits.ts'

/** A validator of an epoch: the key that votes, the key that its node is known by on the network, and its stake. */
export const validator = struct({ member: memberId, consensusKey: bytes32, nodeKey: bytes32, stake: u128 })
export type Validator = Infer<typeof validator>

const validatorList = list(validator, validatorsMax)

/** The set of an epoch in the order that its bitmaps use. */
export const validatorSet: Codec<Validator[]> = refined(validatorList, (set) => {
  if (set.length === 0) return 'a set has at least one validator'
  if (set.some(({ stake }) => stake <= 0n)) return 'a stake is above zero'
  const distinct = (keys: Uint8Array[]): boolean => new Set(keys.map(String)).size === keys.length
  if (!distinct(set.map((v) => v.consensusKey))) return 'a consensus key stands twice'
  if (!distinct(set.map((v) => v.nodeKey))) return 'a node key stands twice'
  return undefined
})

export function validatorsRootOf(set: readonly Validator[]): Hash {
  return listRoot(
    'validators',
    set.map((value) => taggedHash('tallystick/validator', encode(validator, value))),
  )
}

export function totalStake(set: readonly Validator[]): bigint {
  return set.reduce((sum, { stake }) => sum + stake, 0n)
}

/** q = ⌊2W/3⌋ + 1: two quorums share more than a third of the stake. */
export function quorumStake(set: readonly Validator[]): bigint {
  return (totalStake(set) * 2n) / 3n + 1n
}

export type QuorumProblem = 'QUORUM_MALFORMED' | 'QUORUM_BAD_SIGNATURE' | 'QUORUM_TOO_LITTLE_STAKE'

/** The validators whose bits are set, or `undefined` where the bitmap is not the one form: its length and spare bits. */
export function signersOf(set: readonly Validator[], signers: Uint8Array): number[] | undefined {
  if (signers.length !== Math.ceil(set.length / 8)) return undefined
  const indexes: number[] = []
  for (let i = 0; i < signers.length * 8; i++) {
    if ((signers[i >> 3]! >> (i & 7)) & 1) {
      if (i >= set.length) return undefined
      indexes.push(i)
    }
  }
  return indexes
}

/** Checks every listed signature and that the signers' stake is a quorum. */
export function checkQuorum(
  set: readonly Validator[],
  ledger: LedgerId,
  kind: VoteKind,
  subject: { epoch: number; view: number; proposalHash?: Hash },
  quorum: QuorumSignatures,
): QuorumProblem | undefined {
  const indexes = signersOf(set, quorum.signers)
  if (indexes === undefined || indexes.length !== quorum.signatures.length) return 'QUORUM_MALFORMED'
  const stake = indexes.reduce((sum, index) => sum + set[index]!.stake, 0n)
  if (stake < quorumStake(set)) return 'QUORUM_TOO_LITTLE_STAKE'
  const message = voteMessage(kind, ledger, subject.epoch, subject.view, subject.proposalHash)
  for (const [i, index] of indexes.entries()) {
    if (!verifyEd25519(quorum.signatures[i]!, message, set[index]!.consensusKey)) return 'QUORUM_BAD_SIGNATURE'
  }
  return undefined
}
