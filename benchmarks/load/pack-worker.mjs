// A thread that makes keys, and signed transactions packed into the bodies of submissions.
import { randomBytes } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { fillAccounts, idOf, publicKeyOf, seedOf } from './accounts.mjs'
import { Random } from './random.mjs'
import { TransferTemplate } from './template.mjs'

const { run, table } = workerData
const countBytes = 4

/**
 * @param task - `requests` bodies of `perRequest` transactions of `transfers` transfers each, among the first `accounts`
 * accounts; the debited account is `debtor`, or a random one.
 */
function pack({ asset, accounts, requests, perRequest, transfers, debtor, validUntilMs, seed }) {
  const template = new TransferTemplate({ ledger: run.ledger, asset, transfers, validUntilMs })
  const random = new Random(seed)
  const bodyBytes = countBytes + perRequest * template.length
  const bodies = new Uint8Array(requests * bodyBytes)
  const ids = new Uint8Array(32 * requests * perRequest)
  const view = new DataView(bodies.buffer)
  const credits = new Array(transfers)
  const amounts = new Array(transfers)
  for (let i = 0; i < requests * perRequest; i++) {
    const [request, place] = [Math.floor(i / perRequest), i % perRequest]
    if (place === 0) view.setUint32(request * bodyBytes, perRequest, true)
    const from = debtor ?? random.below(accounts)
    for (let t = 0; t < transfers; t++) {
      const to = random.below(accounts)
      credits[t] = idOf(table, to === from ? (to + 1) % accounts : to)
      amounts[t] = 1 + random.below(100)
    }
    const values = {
      nonce: new Uint8Array(randomBytes(16)),
      payer: run.members[from % run.members.length],
      debit: idOf(table, from),
      credits,
      amounts,
      publicKey: publicKeyOf(table, from),
      seed: seedOf(run.runSeed, from),
    }
    ids.set(template.write(bodies, request * bodyBytes + countBytes + place * template.length, values), 32 * i)
  }
  return { bodies, ids, bodyBytes, perRequest, requests, transfers }
}

parentPort.on('message', ({ id, task }) => {
  if (task.kind === 'accounts') {
    fillAccounts(run, table, task.from, task.to)
    parentPort.postMessage({ id, value: undefined })
  } else {
    const value = pack(task)
    parentPort.postMessage({ id, value }, [value.bodies.buffer, value.ids.buffer])
  }
})
