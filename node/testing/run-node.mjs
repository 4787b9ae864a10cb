// A node as a process of its own, for tests: run-node.mjs HOME [replay]. Speaks to its parent over the IPC channel.
import { replayNode, startNode } from '../dist/index.js'

const [home, mode] = process.argv.slice(2)
const fail = (error) => {
  process.send?.({ kind: 'failed', code: error.code, message: error.message })
  process.exitCode = 1
  process.disconnect?.()
}

if (mode === 'replay') {
  replayNode(home).then((report) => {
    process.send({ kind: 'replayed', report })
    process.disconnect()
  }, fail)
} else {
  startNode({ home, log: (line) => process.stdout.write(`${line}\n`), onFatal: fail }).then((node) => {
    process.send({ kind: 'started', apiUrl: node.apiUrl })
    process.on('SIGTERM', () => node.stop().then(() => process.exit(0), fail))
    process.on('disconnect', () => process.exit(1))
  }, fail)
}
