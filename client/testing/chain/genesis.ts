import { type Codec, encodeJsonText } from '@tallystick/core/codec'
import { ed25519PublicKey, type Hash } from '@tallystick/core/crypto'
import {
  type AccountId,
  type AssetId,
  accountIdOf,
  assetIdOf,
  type CodeHash,
  type ContractId,
  codeHashOf,
  contractIdOf,
  defaultParameters,
  type Genesis,
  genesis,
  ledgerOf,
  type MemberId,
  memberIdOf,
  singleKeyPolicy,
} from '@tallystick/core/protocol'

// Whose ledger it is: four validators, one bank, three accounts, one asset, two contracts.

export const seedOf = (n: number): Uint8Array => new Uint8Array(32).fill(n)
export const zeros: Hash = new Uint8Array(32)
export const timeMs = 1_760_000_000_000
export const minute = 60_000

export const validatorSeeds = [1, 2, 3, 4].map(seedOf)
export const bankSeed = seedOf(9)
export const bankKey = { scheme: 'ed25519', publicKey: ed25519PublicKey(bankSeed) } as const
export const bankId: MemberId = memberIdOf('BANK')
export const policy = singleKeyPolicy(bankKey)

export const genesisValue: Genesis = {
  version: 1,
  network: 'test',
  name: 'tiny',
  shard: 0,
  timeMs,
  members: [
    {
      identifier: 'BANK',
      name: 'The bank',
      roles: ['bank', 'issuer', 'validator'],
      policy,
      quota: { stepsPerBlock: 1_000_000, writtenBytesPerBlock: 1_000_000 },
    },
  ],
  validators: validatorSeeds.map((seed, i) => ({
    member: bankId,
    consensusKey: ed25519PublicKey(seed),
    nodeKey: ed25519PublicKey(seedOf(20 + i)),
    stake: 100n,
  })),
  recovery: { threshold: 1, keys: [] },
  parameters: defaultParameters,
  seed: seedOf(7),
}
export const genesisText = encodeJsonText(genesis as Codec<Genesis>, genesisValue)
export const ledger = ledgerOf(genesisValue)

export const accountOf = (n: number): AccountId => accountIdOf(bankId, policy, seedOf(n))
export const alice = accountOf(31)
export const bob = accountOf(32)
export const carol = accountOf(33)
export const euro: AssetId = assetIdOf(bankId, 'EUR')

export const contract: ContractId = contractIdOf(bankId, 'counter')
export const published = {
  vmVersion: 1,
  script: 'globalThis.contract = () => "{}"',
  source: 'by hand',
  sourceMap: '{}',
}
export const code: CodeHash = codeHashOf(published)
export const contractRow = { key: 'counter/a', value: '7' }
/** Another one, whose rows were migrated twice. */
export const migrated: ContractId = contractIdOf(bankId, 'migrated')

/** Of a position, before anything was posted. */
export const totals = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n }
