import type { Hash } from '../crypto/index.ts'

/**
 * Who leads which view of an epoch: smooth weighted round-robin over a period of views. Every member leads in proportion
 * to its stake, at least once, and its views are spread over the period. The order in which equals come is rotated by the
 * boundary header's hash, which nobody chooses alone.
 * @param stakes - By index of the set, each above zero.
 * @param periodViews - P; a larger set than that has a period as long as the set.
 * @returns The leaders' indexes of one period; view v is led by entry (v − 1) mod length.
 */
export function leaderSchedule(stakes: readonly bigint[], periodViews: number, boundaryHash: Hash): number[] {
  const order = rotated(stakes.length, boundaryHash)
  const shares = sharesOf(stakes, Math.max(periodViews, stakes.length), order)
  const period = shares.reduce((sum, share) => sum + share, 0n)
  const credit = stakes.map(() => 0n)
  const leaders: number[] = []
  for (let slot = 0n; slot < period; slot++) {
    let chosen = order[0]!
    for (const index of order) {
      credit[index]! += shares[index]!
      if (credit[index]! > credit[chosen]!) chosen = index
    }
    credit[chosen]! -= period
    leaders.push(chosen)
  }
  return leaders
}

function rotated(count: number, hash: Hash): number[] {
  let start = 0
  for (const byte of hash) start = (start * 256 + byte) % count
  return Array.from({ length: count }, (_, i) => (start + i) % count)
}

/** Views per member: the rounded-down share but at least one, then what is over or short goes by the largest remainder. */
function sharesOf(stakes: readonly bigint[], periodViews: number, order: readonly number[]): bigint[] {
  const period = BigInt(periodViews)
  const total = stakes.reduce((sum, stake) => sum + stake, 0n)
  const shares = stakes.map((stake) => {
    const share = (stake * period) / total
    return share > 0n ? share : 1n
  })
  const shortBy = (index: number): bigint => stakes[index]! * period - shares[index]! * total
  let rest = period - shares.reduce((sum, share) => sum + share, 0n)
  for (; rest > 0n; rest--) {
    shares[order.reduce((best, index) => (shortBy(index) > shortBy(best) ? index : best))]! += 1n
  }
  for (; rest < 0n; rest++) {
    const reducible = order.filter((index) => shares[index]! > 1n)
    shares[reducible.reduce((best, index) => (shortBy(index) < shortBy(best) ? index : best))]! -= 1n
  }
  return shares
}
