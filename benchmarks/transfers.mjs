// Individually signed transfers through four validator processes on this machine, beside what one core can verify.
// node benchmarks/transfers.mjs [--transfers N] [--accounts N] [--json]
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildTransaction, createClient, keyFromSeed, oneGroup, signTransaction } from '../client/dist/index.js'
import { decodeJsonText } from '../core/dist/codec/index.js'
import { verifySignature } from '../core/dist/crypto/index.js'
import {
  accountIdOf,
  assetIdOf,
  genesis as genesisCodec,
  memberIdOf,
  signingMessage,
  transactionIdOf,
} from '../core/dist/protocol/index.js'
import { createLocalNetwork } from '../node/dist/config/index.js'
import { readKeyFile } from '../node/dist/keys/index.js'

const { values } = parseArgs({
  options: {
    transfers: { type: 'string', default: '6000' },
    accounts: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
})
const [transfers, accounts] = [Number(values.transfers), Number(values.accounts)]
const say = (line) => (values.json ? undefined : console.log(line))
const runNode = fileURLToPath(new URL('../node/testing/run-node.mjs', import.meta.url))

function startNode(home) {
  const child = fork(runNode, [home], { silent: true })
  return new Promise((resolve, reject) => {
    child.once('message', (message) =>
      message.kind === 'started' ? resolve({ child, url: message.apiUrl }) : reject(new Error(message.message)),
    )
    child.once('exit', (code) => reject(new Error(`a node ended with ${code}`)))
  })
}

/** Verifications of one core in a second, on real transactions of this run. */
function verifyRate(ledger, signed) {
  const sample = signed.slice(0, 2_000)
  const start = performance.now()
  for (const { body, witness } of sample) {
    const [{ scheme, publicKey, signature }] = witness
    if (!verifySignature(scheme, publicKey, signingMessage(ledger, transactionIdOf(body)), signature))
      throw new Error('bad')
  }
  return (sample.length / (performance.now() - start)) * 1_000
}

async function bench(directory) {
  const network = await createLocalNetwork({ directory: join(directory, 'net') })
  const genesisText = await readFile(network.genesisPath, 'utf8')
  const genesis = decodeJsonText(genesisCodec, genesisText)
  const key = await readKeyFile(network.members[0].keyPath, 'member')
  const signer = keyFromSeed(key.seed)
  const nodes = await Promise.all(network.nodes.map(({ home }) => startNode(home)))
  try {
    const clients = nodes.map(({ url }) => createClient({ nodes: [url], genesis: genesisText }))
    const { ledger } = clients[0]
    const member = memberIdOf(genesis.members[0].identifier)
    const { policy } = genesis.members[0]
    const asset = assetIdOf(member, 'EUR')
    const bare = { reference: undefined, commitment: undefined }
    const saltOf = (n) => Uint8Array.from({ length: 32 }, (_, i) => (i < 4 ? (n >> (8 * i)) & 255 : 1))
    const idOf = (n) => accountIdOf(member, policy, saltOf(n))
    const sign = (actions, authorizers) =>
      signTransaction(
        buildTransaction({
          ledger,
          groups: oneGroup(actions),
          authorizers,
          payer: member,
          validUntilMs: Date.now() + 540_000,
          nonce: new Uint8Array(randomBytes(16)),
        }),
        [signer],
      )
    const byMember = [{ kind: 'member', member }]
    const settled = async (...signed) => {
      for (const { status } of await clients[0].settle(signed, 'proven')) {
        if (status.result !== 'OK') throw new Error(JSON.stringify(status))
      }
    }
    const open = (n, accountKind) => ({
      kind: 'open-account',
      member,
      accountKind,
      parent: undefined,
      policy,
      salt: saltOf(n),
      commitment: undefined,
    })
    const create = {
      kind: 'create-asset',
      issuer: member,
      code: 'EUR',
      name: 'Euro',
      assetKind: 'fungible',
      decimals: 2,
      issuanceAccount: idOf(0),
      supplyMax: undefined,
    }
    await settled(await sign([open(0, 'issuance'), create], byMember))
    for (let from = 1; from <= accounts; from += 500) {
      const numbers = Array.from({ length: Math.min(500, accounts - from + 1) }, (_, i) => from + i)
      await settled(
        await sign(
          numbers.map((n) => open(n, 'customer')),
          byMember,
        ),
      )
      await settled(
        await sign(
          numbers.map((n) => ({ kind: 'issue', asset, credit: idOf(n), amount: 1_000_000n, ...bare })),
          byMember,
        ),
      )
    }

    say(`signing ${transfers} transfers`)
    const signed = []
    for (let i = 0; i < transfers; i++) {
      const [debit, credit] = [1 + ((i * 7_919) % accounts), 1 + ((i * 104_729 + 1) % accounts)]
      const action = {
        kind: 'transfer',
        asset,
        debit: idOf(debit),
        credit: idOf(credit === debit ? (credit % accounts) + 1 : credit),
        amount: 1n,
        ...bare,
      }
      signed.push(await sign([action], [{ kind: 'account', account: action.debit }]))
    }
    const verifications = verifyRate(ledger, signed)
    const warm = Math.floor(transfers / 4)
    await clients[0].settle(signed.slice(0, warm), 'proven')

    say('sending them to the four nodes')
    const start = performance.now()
    const quarters = clients.map((_, i) => signed.slice(warm).filter((_, n) => n % clients.length === i))
    const outcomes = await Promise.all(clients.map((client, i) => client.settle(quarters[i], 'proven')))
    const seconds = (performance.now() - start) / 1_000
    const proven = outcomes.flat().filter(({ status }) => status.result === 'OK').length
    return {
      transfers: proven,
      seconds,
      transfersPerSecond: proven / seconds,
      verificationsPerSecondOfOneCore: verifications,
    }
  } finally {
    const ended = nodes.map(({ child }) => new Promise((resolve) => child.once('exit', resolve)))
    for (const { child } of nodes) child.kill('SIGTERM')
    await Promise.all(ended)
  }
}

const directory = await mkdtemp(join(tmpdir(), 'tallystick-bench-'))
try {
  const result = await bench(directory)
  // Two cores that only verified each transfer four times would reach half of one core's rate.
  const limit = (result.verificationsPerSecondOfOneCore * availableParallelism()) / 4
  const report = {
    ...result,
    limitPerSecond: limit,
    ofLimit: result.transfersPerSecond / limit,
    accounts,
    node: process.version,
    machine: `${availableParallelism()} × ${cpus()[0].model}`,
  }
  if (values.json) console.log(JSON.stringify(report, null, 2))
  else {
    say(`${report.machine}, Node ${report.node}`)
    say(
      `${report.transfers} transfers proven in ${report.seconds.toFixed(1)} s: ${report.transfersPerSecond.toFixed(0)} a second`,
    )
    say(
      `one core verifies ${report.verificationsPerSecondOfOneCore.toFixed(0)} a second, so verifying alone allows ${limit.toFixed(0)}: ${(100 * report.ofLimit).toFixed(0)} % of it`,
    )
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}
