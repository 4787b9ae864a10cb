// What one updated entry of the state trie costs, beside the raw rate of hashtree in the same run: machines and
// neighbours differ, so the ratio is what to compare. Run `npm run build` first; then `node benchmarks/state-trie.mjs`.
// Arguments: the sizes to measure (default 100000 1000000).
import { createHash, randomFillSync } from 'node:crypto'
import { createRequire } from 'node:module'
import { encode } from '@tallystick/core/codec'
import { StateTrie, trieProof, trieRootFromProof } from '@tallystick/core/crypto'

// Core's own dependency, in core's version.
const { hashInto } = createRequire(new URL('../core/package.json', import.meta.url))('@chainsafe/hashtree')
const sizes = process.argv.slice(2).map(Number)
const nowUs = () => Number(process.hrtime.bigint()) / 1000

function rawHashUs() {
  const pairs = new Uint8Array(64 * 4096)
  const digests = new Uint8Array(32 * 4096)
  const rounds = 500
  for (let i = 0; i < rounds / 5; i++) hashInto(pairs, digests)
  const start = nowUs()
  for (let i = 0; i < rounds; i++) hashInto(pairs, digests)
  return (nowUs() - start) / rounds / 4096
}

/** Paths are the hashes of numbers, so that a later round can name the same entries again. */
function entry(number) {
  const path = new Uint8Array(createHash('sha256').update(String(number)).digest())
  return { path, digest: randomFillSync(new Uint8Array(32)) }
}

function usedBytes() {
  globalThis.gc?.()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

const hashUs = rawHashUs()
console.log(
  `node ${process.version}; hashtree: ${(1 / hashUs).toFixed(1)}M pairs/s (${(hashUs * 1000).toFixed(0)} ns each)`,
)

for (const size of sizes.length > 0 ? sizes : [100_000, 1_000_000]) {
  const entries = Array.from({ length: size }, (_, i) => entry(i))
  const before = usedBytes()
  const built = nowUs()
  const trie = StateTrie.fromEntries(entries)
  let { root } = trie
  const buildUs = nowUs() - built
  const bytes = usedBytes() - before
  console.log(
    `${size} entries: built in ${(buildUs / 1e6).toFixed(2)} s (${(buildUs / size).toFixed(2)} µs each), ` +
      `${(bytes / size).toFixed(0)} bytes each${globalThis.gc ? '' : ' (run with --expose-gc for a sharp number)'}`,
  )
  const grown = nowUs()
  const growing = new StateTrie()
  for (let at = 0; at < size; at += 5_000) {
    growing.update(entries.slice(at, at + 5_000))
    root = growing.root
  }
  console.log(`  grown from nothing in blocks of 5000: ${((nowUs() - grown) / size).toFixed(2)} µs each`)

  for (const block of [400, 5_000, 40_000]) {
    const rounds = Math.max(3, Math.ceil(200_000 / block))
    const batches = Array.from({ length: rounds }, () =>
      Array.from({ length: block }, () => {
        const { path } = entries[Math.floor(Math.random() * size)]
        return { path, digest: randomFillSync(new Uint8Array(32)) }
      }),
    )
    const times = batches.map((changes) => {
      const start = nowUs()
      trie.update(changes)
      root = trie.root
      return (nowUs() - start) / block
    })
    times.sort((a, b) => a - b)
    const median = times[times.length >> 1]
    console.log(
      `  blocks of ${block}: ${median.toFixed(2)} µs an updated entry (median of ${rounds}; worst ${times.at(-1).toFixed(2)}), ` +
        `${(median / hashUs).toFixed(0)} raw hashes`,
    )
  }

  const asked = Array.from({ length: 20_000 }, () => entries[Math.floor(Math.random() * size)].path)
  const proofStart = nowUs()
  for (const path of asked) trie.prove(path)
  const proveUs = (nowUs() - proofStart) / asked.length
  const proofs = asked.map((path) => trie.prove(path))
  const proofBytes = proofs.reduce((sum, proof) => sum + encode(trieProof, proof).length, 0) / proofs.length
  const digests = asked.map((path) => trie.get(path))
  const checkStart = nowUs()
  proofs.forEach((proof, i) => {
    const reached = trieRootFromProof(asked[i], digests[i], proof)
    if (reached === undefined || Buffer.compare(reached, root) !== 0)
      throw new Error('a proof does not lead to the root')
  })
  const checkUs = (nowUs() - checkStart) / asked.length
  console.log(
    `  proofs: ${proofBytes.toFixed(0)} bytes, made in ${proveUs.toFixed(1)} µs, checked in ${checkUs.toFixed(1)} µs`,
  )
}
