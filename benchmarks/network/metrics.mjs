/** A node's samples by name; a labelled one as `name{what}`. */
export async function readMetrics(api) {
  const samples = {}
  for (const line of (await api.get('/metrics')).split('\n')) {
    const match = /^(\w+)(?:\{what="(\w+)"\})? (\S+)$/.exec(line)
    if (match !== null) samples[match[2] === undefined ? match[1] : `${match[1]}{${match[2]}}`] = Number(match[3])
  }
  return samples
}

/** Bytes that a node has sent to other nodes since its start. */
export function bytesSent(samples) {
  return Object.entries(samples)
    .filter(([name]) => name.startsWith('tallystick_network_total{') && name.endsWith('_bytes_out}'))
    .reduce((sum, [, value]) => sum + value, 0)
}

export const executedBy = (samples) => samples.tallystick_transactions_executed_total
