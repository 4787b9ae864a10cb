import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { decode } from '@tallystick/core/codec'
import { verifySignature } from '@tallystick/core/crypto'
import { signingMessage, submission } from '@tallystick/core/protocol'

const perSecond = (count, sinceMs) => (count / (performance.now() - sinceMs)) * 1_000

/** CPU time of this process: what one core needs for a piece of work, whoever else uses the machine. */
export function ownCpuMs() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/**
 * Signature checks of one core in a second, on transactions of this run.
 * @param body - An encoded submission, and `ids` its transactions' ids, joined.
 */
export function verificationsPerSecond(ledger, { body, ids }) {
  const checks = decode(submission, body).map(({ witness: [{ scheme, publicKey, signature }] }, i) => {
    const message = signingMessage(ledger, ids.subarray(32 * i, 32 * i + 32))
    return () => verifySignature(scheme, publicKey, message, signature)
  })
  for (const check of checks) if (!check()) throw new Error('a transaction of this run has a wrong signature')
  const start = ownCpuMs()
  let done = 0
  for (; ownCpuMs() - start < 1_000; done += checks.length) for (const check of checks) check()
  return (done / (ownCpuMs() - start)) * 1_000
}

/** Appends of one size, each made durable before the next, for a second. */
export function syncedAppendsPerSecond(directory, bytes) {
  const path = join(directory, 'synced-appends')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(bytes, 0x5a)
  try {
    const start = performance.now()
    let done = 0
    for (; performance.now() - start < 1_000; done++) {
      writeSync(file, block)
      fdatasyncSync(file)
    }
    return perSecond(done, start)
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}

/** Bytes of one TCP connection over the loopback, both ends in this process. */
export async function loopbackBytesPerSecond() {
  const chunk = Buffer.alloc(1_048_576)
  let received = 0
  const server = createServer((socket) => socket.on('data', ({ length }) => (received += length)).on('error', () => {}))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = connect(server.address().port, '127.0.0.1')
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  const start = performance.now()
  while (performance.now() - start < 1_000) {
    if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve))
  }
  const rate = perSecond(received, start)
  socket.destroy()
  await new Promise((resolve) => server.close(resolve))
  return rate
}

export async function diskAndNetworkLimits(directory) {
  const [small, large] = [4_096, 1_048_576].map((bytes) => syncedAppendsPerSecond(directory, bytes))
  return {
    syncedAppendsPerSecond: small,
    syncedBytesPerSecond: large * 1_048_576,
    loopbackBytesPerSecond: await loopbackBytesPerSecond(),
  }
}
