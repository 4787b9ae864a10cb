// What one message of a hash batch costs, beside one call of crypto.hash in the same run: machines and neighbours differ,
// so the ratio is what to compare. Run `npm run build` first; then `node benchmarks/hash-batch.mjs`.
// Arguments: how many messages a batch has (default 4000).
import { hash, randomFillSync } from 'node:crypto'
import { HashBatch, hashKind } from '@tallystick/core/crypto'

const count = Number(process.argv[2] ?? 4_000)
const rounds = 60
const kind = hashKind('tallystick/benchmark')
const batch = new HashBatch()

/** Nanoseconds a message: the fastest of the rounds, since neighbours only ever slow one down. */
function fastestNs(work) {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint()
    work()
    best = Math.min(best, Number(process.hrtime.bigint() - start))
  }
  return best / count
}

function begin(length) {
  batch.clear()
  for (let i = 0; i < count; i++) batch.begin(kind, length)
}

console.log(`node ${process.version}, ${count} messages a batch; ns a message`)
console.log(' bytes  blocks   begin     run   ns/block   crypto.hash   times as fast')
for (const length of [32, 55, 100, 180, 300, 500, 1_000]) {
  // With the 64 bytes T‖T that a tagged hash begins with.
  const whole = randomFillSync(new Uint8Array(64 + length))
  const nativeNs = fastestNs(() => {
    for (let i = 0; i < count; i++) hash('sha256', whole, 'binary')
  })
  const beginNs = fastestNs(() => begin(length))
  const runNs = fastestNs(() => batch.run())
  const blocks = Math.ceil((length + 9) / 64)
  const cells = [
    length.toString().padStart(6),
    blocks.toString().padStart(8),
    beginNs.toFixed(0).padStart(8),
    runNs.toFixed(0).padStart(8),
    (runNs / blocks).toFixed(0).padStart(11),
    nativeNs.toFixed(0).padStart(14),
    (nativeNs / (beginNs + runNs)).toFixed(1).padStart(16),
  ]
  console.log(cells.join(''))
}
