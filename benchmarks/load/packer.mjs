import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** Of one task: large enough to be worth a message, small enough that all threads stay busy to the end. */
const transfersPerTask = 16_384
const accountsPerTask = 2_048

/** Transactions are valid for ten minutes at most; a run and its preparation must fit into this. */
const validityMs = 570_000

/** Signs with all cores while the nodes have nothing to do. */
export class Packer {
  #threads
  #waiting = new Map()
  #next = 0
  #run
  #table

  /** @param run - { ledger, members: ids, runSeed } */
  constructor(run, table) {
    this.#run = run
    this.#table = table
    this.#threads = Array.from({ length: availableParallelism() }, () => {
      const worker = new Worker(new URL('./pack-worker.mjs', import.meta.url), { workerData: { run, table } })
      worker.on('message', ({ id, value }) => {
        this.#waiting.get(id).resolve(value)
        this.#waiting.delete(id)
      })
      worker.on('error', (error) => {
        for (const { reject } of this.#waiting.values()) reject(error)
      })
      return worker
    })
  }

  #ask(task) {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#threads[id % this.#threads.length].postMessage({ id, task })
    })
  }

  async fillAccounts() {
    const tasks = []
    for (let from = 0; from < this.#table.count; from += accountsPerTask) {
      tasks.push(this.#ask({ kind: 'accounts', from, to: Math.min(from + accountsPerTask, this.#table.count) }))
    }
    await Promise.all(tasks)
  }

  async #pack(plans) {
    const validUntilMs = Date.now() + validityMs
    const parts = await Promise.all(plans.map((plan) => this.#ask({ kind: 'pack', validUntilMs, ...plan })))
    return parts.flatMap(({ bodies, ids, bodyBytes, perRequest, requests, transfers }, part) =>
      Array.from({ length: requests }, (_, i) => ({
        body: bodies.subarray(i * bodyBytes, (i + 1) * bodyBytes),
        ids: ids.subarray(32 * i * perRequest, 32 * (i + 1) * perRequest),
        count: perRequest,
        transfers,
        debtor: plans[part].debtor,
        validUntilMs,
      })),
    )
  }

  #seed(part) {
    return Math.imul(this.#run.runSeed + this.#next * 4_099 + part, 0x9e3779b1) >>> 0
  }

  /** Requests with single transfers among random accounts. */
  singles({ asset, accounts, count, perRequest }) {
    const requests = Math.max(1, Math.ceil(count / perRequest))
    const perTask = Math.max(1, Math.floor(transfersPerTask / perRequest))
    const plans = []
    for (let from = 0; from < requests; from += perTask) {
      const part = { asset, accounts, requests: Math.min(perTask, requests - from), perRequest, transfers: 1 }
      plans.push({ ...part, seed: this.#seed(plans.length) })
    }
    return this.#pack(plans)
  }

  /** Requests with one transaction each, of many transfers from one of the debtors in turn to random accounts. */
  packed({ asset, accounts, count, transfers, debtors }) {
    const plans = Array.from({ length: Math.max(1, Math.ceil(count / transfers)) }, (_, i) => {
      const debtor = debtors[i % debtors.length]
      return { asset, accounts, requests: 1, perRequest: 1, transfers, debtor, seed: this.#seed(i) }
    })
    return this.#pack(plans)
  }

  async close() {
    await Promise.all(this.#threads.map((worker) => worker.terminate()))
  }
}
