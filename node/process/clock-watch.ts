const inWords = (aheadMs: number): string =>
  `${Math.round(Math.abs(aheadMs) / 1_000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`

/**
 * Says whose clock is off: this machine's, if most peers differ from it in the same direction, else those of single peers.
 * @param clocks - By name, how many milliseconds each connected peer's clock is ahead of the own one.
 * @param peers - How many peers there are, connected or not.
 * @param driftMaxMs - What the genesis allows.
 */
export function describeClocks(
  clocks: ReadonlyMap<string, number>,
  peers: number,
  driftMaxMs: number,
): string | undefined {
  // One clock alone does not say which of the two is off.
  if (clocks.size * 2 <= peers) return undefined
  const off = [...clocks].filter(([, aheadMs]) => Math.abs(aheadMs) > driftMaxMs)
  for (const direction of [1, -1]) {
    const agreeing = off.filter(([, aheadMs]) => aheadMs * direction > 0)
    if (agreeing.length < 2 || agreeing.length * 2 <= peers) continue
    const middle = agreeing.map(([, aheadMs]) => aheadMs).sort((a, b) => a - b)[Math.floor(agreeing.length / 2)]!
    const names = agreeing.map(([name]) => name).join(', ')
    return `the clock of this machine is ${inWords(-middle)} those of ${names}`
  }
  if (off.length === 0) return undefined
  return off.map(([name, aheadMs]) => `the clock of ${name} is ${inWords(aheadMs)} this machine's`).join('; ')
}
