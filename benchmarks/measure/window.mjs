import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bytesOnDisk, cpuUsOf, residentBytesOf, threadCpuUs } from '../machine/processes.mjs'
import { bytesSent, executedBy, readMetrics } from '../network/metrics.mjs'

const folders = ['blocks', 'state', 'batches', 'journal']
const memoryEveryMs = 1_000

async function snapshot({ network, threadNames }) {
  const nodes = await Promise.all(
    network.nodes.map(async ({ api, pid, data }, i) => {
      const samples = await readMetrics(api)
      return {
        sent: bytesSent(samples),
        executed: executedBy(samples),
        cpuUs: cpuUsOf(pid),
        threads: threadCpuUs(pid, threadNames[i]),
        disk: Object.fromEntries(folders.map((folder) => [folder, bytesOnDisk(join(data, folder))])),
      }
    }),
  )
  return { nodes, ownCpuUs: cpuUsOf(process.pid), atMs: performance.now() }
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

function difference(before, after, transfers, residentBytes) {
  const perNode = (of) => mean(after.nodes.map((node, i) => of(node) - of(before.nodes[i]))) / transfers
  const threads = Object.keys(after.nodes[0].threads)
  const disk = Object.fromEntries(folders.map((folder) => [folder, perNode(({ disk }) => disk[folder])]))
  return {
    cpuUsPerTransfer: perNode(({ cpuUs }) => cpuUs),
    cpuUsPerTransferByThread: Object.fromEntries(
      threads.map((name) => [name, perNode(({ threads: own }) => own[name] ?? 0)]),
    ),
    generatorCpuUsPerTransfer: (after.ownCpuUs - before.ownCpuUs) / transfers,
    generatorCores: (after.ownCpuUs - before.ownCpuUs) / 1_000 / (after.atMs - before.atMs),
    diskBytesPerTransfer: { ...disk, all: Object.values(disk).reduce((sum, bytes) => sum + bytes, 0) },
    sentBytesPerTransfer: perNode(({ sent }) => sent),
    residentBytesMax: residentBytes,
  }
}

/**
 * Watches the processes while `work` runs: `open` and `close` mark what counts.
 * @returns what one validator needed for a transfer, on average, given how many there were
 */
export function observe(bench) {
  let residentBytes = 0
  let before
  let watching = true
  const watch = async () => {
    while (watching) {
      for (const { pid } of bench.network.nodes) residentBytes = Math.max(residentBytes, residentBytesOf(pid))
      await delay(memoryEveryMs)
    }
  }
  let watched
  return {
    async open() {
      watched = watch()
      before = await snapshot(bench)
    },
    async close() {
      const after = await snapshot(bench)
      watching = false
      await watched
      const executed = after.nodes.map((node, i) => node.executed - before.nodes[i].executed)
      return { executed, costs: (transfers) => difference(before, after, transfers, residentBytes) }
    },
  }
}
