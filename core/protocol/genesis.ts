import {
  bytes32,
  type Codec,
  encode,
  enumeration,
  fromHex,
  type Infer,
  list,
  refined,
  safeU64,
  struct,
  text,
  u8,
  u16,
  u32,
  version,
} from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { identifierBytesMax, type LedgerId, ledgerIdOf, memberIdOf } from './ids.ts'
import { membersMax, textBytesMax } from './limits.ts'
import { keyIdentity, policy } from './policy.ts'
import { memberQuota, memberRole } from './state.ts'
import { validatorSet } from './validators.ts'

/** The numbers of consensus (spec/consensus.md §15), with defaults and reasons in `defaultParameters`. */
const consensusParameters = struct({
  /** Δ of the first view, its smallest and its largest value. */
  deltaBaseMs: u32,
  deltaCapMs: u32,
  /** α in percent: 150 multiplies Δ by 1.5. */
  deltaGrowthPercent: u32,
  /** K: a header's executed height is at most this far behind. */
  executionLagMax: u32,
  /** F: votes of views further ahead are dropped. */
  futureViewsMax: u32,
  /** r: views without a signature after which a leader counts as silent. */
  silentViews: u32,
  /** P: views of a leader schedule. */
  schedulePeriodViews: u32,
  /** T: pause after which a standstill is answered by sending again. */
  standstillMs: u32,
  clockDriftMaxMs: u32,
  heartbeatMs: safeU64,
  trustPeriodMs: safeU64,
  evidencePeriodMs: safeU64,
})
export type ConsensusParameters = Infer<typeof consensusParameters>

const blockParameters = struct({
  payloadBytesMax: u32,
  stepsMax: safeU64,
  writtenBytesMax: safeU64,
  /** A transaction or batch up to this size may stand in a block itself. */
  inlineBytesMax: u32,
})

const ledgerParameters = struct({
  referenceDaysBack: u32,
  referenceDaysAhead: u32,
})

/** The most that one contract call may use, and what all triggers together may; each a limit with a result code of its own. */
const contractParameters = struct({
  /** Hash of the metered machine; every node checks at its start that it has this one. */
  machine: bytes32,
  vmVersion: u16,
  fuelMax: safeU64,
  depthBytesMax: u32,
  /** Memory of the machine, 64 KiB each. */
  memoryPagesMax: u32,
  hostCallsMax: u32,
  /** Of a row: key and value. */
  rowBytesMax: u32,
  /** Of each text that leaves the machine. */
  outputBytesMax: u32,
  eventsMax: u32,
  writtenBytesMax: u32,
  /** Calls of contracts within calls. */
  callDepthMax: u8,
  /** Bytes that a triggered call may write. */
  triggerWrittenBytes: u32,
  /** Steps of all triggers of one block, and of one minute of bookings. */
  triggerStepsPerBlock: safeU64,
  triggerStepsPerMinute: safeU64,
  bookingAheadMaxMs: safeU64,
  hopsMax: u8,
})
export type ContractParameters = Infer<typeof contractParameters>

export const parameters = struct({
  consensus: consensusParameters,
  block: blockParameters,
  ledger: ledgerParameters,
  contracts: contractParameters,
})
export type Parameters = Infer<typeof parameters>

const genesisMember = struct({
  identifier: text(identifierBytesMax),
  name: text(textBytesMax),
  roles: list(memberRole, 16),
  policy,
  quota: memberQuota,
})
export type GenesisMember = Infer<typeof genesisMember>

/** Offline keys of members that can certify a new epoch when the quorum is lost. */
const recoveryKeys = struct({ threshold: u8, keys: list(keyIdentity, 64) })

const genesisFields = struct({
  version: version(1),
  /** A live network's addresses start otherwise than a test network's. */
  network: enumeration({ live: 1, test: 2 }),
  name: text(identifierBytesMax),
  shard: u32,
  timeMs: safeU64,
  members: list(genesisMember, membersMax),
  validators: validatorSet,
  recovery: recoveryKeys,
  parameters,
  /** Makes two networks of equal content different. */
  seed: bytes32,
})
export type Genesis = Infer<typeof genesisFields>

const checkedGenesis: Codec<Genesis> = refined(genesisFields, (value) => {
  const identifiers = value.members.map((member) => member.identifier)
  if (new Set(identifiers).size !== identifiers.length) return 'a member stands twice'
  const known = new Set(identifiers.map((identifier) => memberIdOf(identifier).join()))
  if (value.validators.some(({ member }) => !known.has(member.join()))) return 'a validator is of no member'
  return undefined
})

export const genesis: Codec<Genesis> = {
  ...checkedGenesis,
  /** Samples at random would hardly ever have validators of their own members. */
  sample: (sampler) => {
    const sampled = genesisFields.sample(sampler)
    const members = [...sampled.members, genesisMember.sample(sampler)].map((member, i) => ({
      ...member,
      identifier: `${i} ${member.identifier}`.slice(0, identifierBytesMax / 4),
    }))
    const owner = memberIdOf(members[sampler.below(members.length)]!.identifier)
    return { ...sampled, members, validators: sampled.validators.map((each) => ({ ...each, member: owner })) }
  },
}

export function genesisHashOf(value: Genesis): Hash {
  return taggedHash('tallystick/genesis', encode(genesis, value))
}

/** The ledger that a genesis begins. */
export function ledgerOf(value: Genesis): LedgerId {
  return ledgerIdOf(genesisHashOf(value), value.shard)
}

/**
 * Hash of the machine that contracts run in (core/contract-vm), metered. Results and fuel depend on its every byte, so another
 * machine is another version, which a network changes to together.
 */
export const contractMachineHash = 'b1f24e8e98cf12b9abc45614d50f5ae69cf79a6118d4f4b7b9de6a0391394739'

/** Starting values; spec/consensus.md gives the reason of each. */
export const defaultParameters: Parameters = {
  consensus: {
    deltaBaseMs: 300,
    deltaCapMs: 10_000,
    deltaGrowthPercent: 150,
    executionLagMax: 8,
    futureViewsMax: 256,
    silentViews: 16,
    schedulePeriodViews: 64,
    standstillMs: 1_000,
    clockDriftMaxMs: 5_000,
    heartbeatMs: 3_600_000,
    trustPeriodMs: 7 * 86_400_000,
    evidencePeriodMs: 14 * 86_400_000,
  },
  block: {
    payloadBytesMax: 4 * 1_048_576,
    stepsMax: 4_000_000,
    writtenBytesMax: 64 * 1_048_576,
    inlineBytesMax: 4_096,
  },
  ledger: { referenceDaysBack: 400, referenceDaysAhead: 7 },
  contracts: {
    machine: fromHex(contractMachineHash),
    vmVersion: 1,
    fuelMax: 20_000_000,
    depthBytesMax: 600_000,
    memoryPagesMax: 256,
    hostCallsMax: 1_000,
    rowBytesMax: 16_384,
    outputBytesMax: 65_536,
    eventsMax: 64,
    writtenBytesMax: 1_048_576,
    callDepthMax: 8,
    triggerWrittenBytes: 65_536,
    // A quarter of a block, and of a minute of blocks that come every half second.
    triggerStepsPerBlock: 1_000_000,
    triggerStepsPerMinute: 120_000_000,
    bookingAheadMaxMs: 3_660 * 86_400_000,
    hopsMax: 8,
  },
}
