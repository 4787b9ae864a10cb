import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { nodeOptions as sharedMachineOptions } from '../../cli/dist/network/node-options.js'
import { NodeApi } from '../load/http.mjs'

/** As users start it, joined to a few files; for profiles each module is a file of its own. */
const programs = {
  bundled: fileURLToPath(new URL('../../cli/bin/tallystick.mjs', import.meta.url)),
  modules: fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url)),
}
const readyMaxMs = 120_000
const stopMaxMs = 30_000
const pollMs = 25

function spawnNode(program, home, logPath, nodeOptions) {
  const log = openSync(logPath, 'a')
  try {
    // `--follow-stdin`: a node ends with this process, however this one ends.
    const args = [...nodeOptions, program, 'node', 'start', '--home', home, '--json', '--follow-stdin']
    const { NODE_OPTIONS: _, ...env } = process.env
    const child = spawn(process.execPath, args, { stdio: ['pipe', log, log], env })
    child.stdin.on('error', () => {})
    return child
  } finally {
    closeSync(log)
  }
}

async function untilReady({ name, api, child, logPath }, deadline) {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const told = readFileSync(logPath, 'utf8').slice(-2_000)
      throw new Error(`${name} ended while it started (${child.exitCode ?? child.signalCode}):\n${told}`)
    }
    try {
      if ((await api.send('GET', '/readyz')).status === 200) return
    } catch {}
    if (performance.now() > deadline) throw new Error(`${name} was not ready after ${readyMaxMs} ms; see ${logPath}`)
    await delay(pollMs)
  }
}

/** Validators as processes of their own, started as `tallystick network start` does. */
export class RunningNetwork {
  nodes = []
  /** How often the network was started. */
  starts = 0
  #local

  constructor(local) {
    this.#local = local
  }

  /** @param nodeOptions - Of Node, such as for profiles. Resolves when all are ready. */
  async start({ nodeOptions = [], program = 'bundled' } = {}) {
    this.starts++
    const logs = join(this.#local.directory, 'logs')
    mkdirSync(logs, { recursive: true })
    this.nodes = this.#local.nodes.map(({ name, home, apiUrl }) => {
      const logPath = join(logs, `${name}.log`)
      const options = [...sharedMachineOptions(this.#local.nodes.length), ...nodeOptions]
      const child = spawnNode(programs[program], home, logPath, options)
      return { name, home, data: join(home, 'data'), logPath, child, pid: child.pid, api: new NodeApi(apiUrl) }
    })
    const deadline = performance.now() + readyMaxMs
    try {
      await Promise.all(this.nodes.map((node) => untilReady(node, deadline)))
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  get apis() {
    return this.nodes.map(({ api }) => api)
  }

  async stop() {
    await Promise.all(
      this.nodes.map(async ({ child, api }) => {
        api.close()
        if (child.exitCode !== null || child.signalCode !== null) return
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), stopMaxMs)
        await ended
        clearTimeout(timer)
      }),
    )
    this.nodes = []
  }

  /** @throws if a node is no longer there. */
  checkAlive() {
    for (const { name, child, logPath } of this.nodes) {
      if (child.exitCode === null && child.signalCode === null) continue
      throw new Error(
        `${name} ended (${child.exitCode ?? child.signalCode}): ${readFileSync(logPath, 'utf8').slice(-2_000)}`,
      )
    }
  }
}
