import { quorumStake, totalStake, type Validator } from '../protocol/index.ts'

/** The weights of an epoch's set. */
export interface StakeTable {
  readonly stakes: readonly bigint[]
  readonly total: bigint
  /** q = ⌊2W/3⌋ + 1. */
  readonly quorum: bigint
}

export function stakeTable(set: readonly Validator[]): StakeTable {
  return { stakes: set.map(({ stake }) => stake), total: totalStake(set), quorum: quorumStake(set) }
}

export function stakeOf(table: StakeTable, indexes: Iterable<number>): bigint {
  let sum = 0n
  for (const index of indexes) sum += table.stakes[index]!
  return sum
}

/** More than W/3: at least one honest validator is among them. */
export function exceedsThird(table: StakeTable, stake: bigint): boolean {
  return stake * 3n > table.total
}

/** The highest value that validators with a quorum of stake have reached. */
export function reachedByQuorum(table: StakeTable, values: readonly number[]): number {
  const order = values.map((_, index) => index).sort((a, b) => values[b]! - values[a]!)
  let sum = 0n
  for (const index of order) {
    sum += table.stakes[index]!
    if (sum >= table.quorum) return values[index]!
  }
  return 0
}
