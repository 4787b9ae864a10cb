/** p50, p95, p99 and the largest of values, by nearest rank; undefined for none. */
export function percentilesOf(values) {
  if (values.length === 0) return undefined
  const sorted = Float64Array.from(values).sort()
  const at = (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1), count: sorted.length }
}
