import { randomBytes } from 'node:crypto'
import { sortByEncoding } from '@tallystick/core/codec'
import {
  defaultParameters,
  type Genesis,
  type KeyIdentity,
  keyIdentity,
  type MemberRole,
  memberIdOf,
  type NetworkKind,
  type Parameters,
  singleKeyPolicy,
} from '@tallystick/core/protocol'

/** A member as it is planned: its validators bring consensus and node keys. */
export interface PlannedMember {
  /** LEI, or code in a register that the members agree on. */
  readonly identifier: string
  readonly name: string
  readonly roles: readonly MemberRole[]
  readonly publicKey: Uint8Array
  /** Offline key that can certify a new epoch when the quorum is lost. */
  readonly recoveryKey: Uint8Array
  readonly validators: readonly {
    readonly consensusKey: Uint8Array
    readonly nodeKey: Uint8Array
    readonly stake: bigint
  }[]
}

export interface GenesisPlan {
  readonly network: NetworkKind
  readonly name: string
  readonly timeMs: number
  readonly members: readonly PlannedMember[]
  readonly parameters?: Parameters
  /** Random if not given. */
  readonly seed?: Uint8Array
}

const identityOf = (publicKey: Uint8Array): KeyIdentity => ({ scheme: 'ed25519', publicKey })

/** A member may fill a quarter of every block. */
function quotaOf({ block }: Parameters): Genesis['members'][number]['quota'] {
  return { stepsPerBlock: Math.floor(block.stepsMax / 4), writtenBytesPerBlock: Math.floor(block.writtenBytesMax / 4) }
}

/** Members with one-key policies and their validators; recovery needs more than half of the members' offline keys. */
export function createGenesis(plan: GenesisPlan): Genesis {
  const parameters = plan.parameters ?? defaultParameters
  const recoveryKeys = plan.members.map((member) => identityOf(member.recoveryKey))
  return {
    version: 1,
    network: plan.network,
    name: plan.name,
    shard: 0,
    timeMs: plan.timeMs,
    members: plan.members.map(({ identifier, name, roles, publicKey }) => ({
      identifier,
      name,
      roles: [...roles],
      policy: singleKeyPolicy(identityOf(publicKey)),
      quota: quotaOf(parameters),
    })),
    validators: plan.members.flatMap(({ identifier, validators }) =>
      validators.map((validator) => ({ member: memberIdOf(identifier), ...validator })),
    ),
    recovery: {
      threshold: Math.floor(recoveryKeys.length / 2) + 1,
      keys: sortByEncoding(recoveryKeys, keyIdentity, (key) => key),
    },
    parameters,
    seed: plan.seed ?? new Uint8Array(randomBytes(32)),
  }
}
