const partsOf = 1_000n

/** One in a thousand, and at least one. */
export function feeOf(amount: bigint): bigint {
  if (amount < 0n) throw new RangeError('an amount below zero')
  return amount / partsOf + 1n
}
