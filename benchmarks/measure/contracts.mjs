import { fileURLToPath } from 'node:url'
import { buildTransaction, eachAlone, signTransaction } from '@tallystick/client'
import { buildContract, evaluateManifest } from '@tallystick/contract-kit/build'
import { LocalLedger } from '@tallystick/contract-kit/testing'
import { encode } from '@tallystick/core/codec'
import { contractIdOf, submission, transactionIdOf } from '@tallystick/core/protocol'
import { measureMachines } from '../contract-machine.mjs'
import { closedLoop, debtorLanes, sharedLanes } from '../load/closed-loop.mjs'
import { provenOutcomes } from '../load/outcomes.mjs'
import { medianOfRuns } from './throughput.mjs'

const rowsFilled = 2_000
const rowsPerFill = 100
const metersUsed = 2_000
const localTests = 1_000
const validityMs = 570_000
/** Of one call: four rows take some 25,000. */
const fuelPerCall = 100_000
const fuelOfFirst = 20_000_000
/** Calls in one transaction, each in a group of its own, as an operator sends those of many customers. */
const callsPerPacked = 16
const load = { lanesPerNode: 16, perRequest: 64, firstGuess: 1_000 }
const quickLoad = { lanesPerNode: 2, perRequest: 4, firstGuess: 200 }

const built = (file) => buildContract(fileURLToPath(new URL(`../contracts/${file}`, import.meta.url)))

/** What is called, and how. Each has one run or more of its own. */
const kinds = [
  { name: 'fourRows', says: 'calls of four rows', file: 'four-rows.ts', callsPerTransaction: 1 },
  {
    name: 'fourRowsPacked',
    says: 'packed calls of four rows',
    file: 'four-rows.ts',
    callsPerTransaction: callsPerPacked,
  },
  { name: 'oneRow', says: 'calls of one row', file: 'meter.ts', callsPerTransaction: 1 },
  { name: 'oneRowPacked', says: 'packed calls of one row', file: 'meter.ts', callsPerTransaction: callsPerPacked },
]

const callOf = {
  'four-rows.ts': (contract, n) => {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => `member-${(7 * n + k * 501) % rowsFilled}`)
    return contractCall(contract, 'move', { from: [a, b], to: [c, d], amount: '1' })
  },
  'meter.ts': (contract, n) =>
    contractCall(contract, 'add', { meter: `meter-${(7 * n) % metersUsed}`, wattHours: 1 + (n % 900) }),
}

async function signedBy({ run, signers }, by, actions) {
  const authorizers = [{ kind: 'member', member: run.members[by] }]
  const terms = {
    ledger: run.ledger,
    groups: eachAlone(actions),
    authorizers,
    payer: run.members[by],
    validUntilMs: Date.now() + validityMs,
  }
  return signTransaction(buildTransaction(terms), [signers[by]])
}

function requestOf(signed, debtor, transfers = 1) {
  const ids = new Uint8Array(32 * signed.length)
  for (const [i, { body }] of signed.entries()) ids.set(transactionIdOf(body), 32 * i)
  return { body: encode(submission, signed), ids, count: signed.length, transfers, debtor, movesNothing: true }
}

function contractCall(contract, name, input, terms = {}) {
  const defaults = { callers: [], funds: [], fuel: fuelPerCall, writtenBytes: 32_768 }
  return { kind: 'contract-call', contract, name, input: JSON.stringify(input), ...defaults, ...terms }
}

async function settle({ network }, requests) {
  await closedLoop({ lanes: debtorLanes(network.apis, requests), stage: 'proven', isOver: () => false })
  await provenOutcomes(network, requests)
}

/** Deploys a contract of the run. @returns its id, and how long that took to be proven */
async function deploy(bench, file) {
  const member = bench.run.members[0]
  const name = `${file.replace('.ts', '')}-${Date.now() % 1e9}`
  const code = await built(file)
  const action = { kind: 'contract-deploy', member, name, vmVersion: 1, fuel: fuelOfFirst, ...code, prepaidSteps: 0 }
  const request = requestOf([await signedBy(bench, 0, [action])], 0)
  const began = performance.now()
  await settle(bench, [request])
  return { contract: contractIdOf(member, name), deployMs: performance.now() - began }
}

async function fillRows(bench, contract) {
  const fills = []
  for (let from = 0; from < rowsFilled; from += rowsPerFill) {
    const terms = { fuel: fuelOfFirst, writtenBytes: 1_048_576 }
    const fill = contractCall(contract, 'fill', { from, count: rowsPerFill }, terms)
    fills.push(requestOf([await signedBy(bench, 0, [fill])], 0))
  }
  await settle(bench, fills)
}

async function callRequests(bench, { contract, file, callsPerTransaction }, count, callsPerRequest) {
  const requests = []
  const perRequest = Math.max(1, callsPerRequest / callsPerTransaction)
  for (let made = 0; made < count; ) {
    const by = requests.length % bench.run.members.length
    const signed = []
    for (let i = 0; i < perRequest; i++) {
      const calls = Array.from({ length: callsPerTransaction }, () => callOf[file](contract, made++))
      signed.push(await signedBy(bench, by, calls))
    }
    requests.push(requestOf(signed, by, callsPerTransaction))
  }
  return requests
}

/** Calls of one kind through the validators, at full load. */
async function measureCalls(bench, kind) {
  const { lanesPerNode, perRequest, firstGuess } = bench.options.quick ? quickLoad : load
  const prepare = async (count) => {
    const requests = await callRequests(bench, kind, count, perRequest)
    return () => sharedLanes(bench.network.apis, requests, lanesPerNode)
  }
  const measured = await medianOfRuns(bench, { name: kind.says, prepare, stage: 'proven', firstGuess })
  return { callsPerSecond: measured.transfersPerSecond, runs: measured.runs, costs: measured.costs }
}

/** A test of a contract as its author writes it: a fresh ledger, the contract deployed, one call. @returns seconds for 1,000 */
async function localSeconds() {
  const code = await built('four-rows.ts')
  const { manifest } = evaluateManifest(code)
  const one = () => {
    const ledger = LocalLedger.create({ run: 'machine' })
    const contract = ledger.deployBuilt({ manifest, dispatch: () => '' }, code)
    contract.call('fill', { from: 0, count: 4 })
  }
  one()
  const began = performance.now()
  for (let i = 0; i < localTests; i++) one()
  return (performance.now() - began) / 1_000
}

/** Contracts: the machine alone, tests on a local ledger, and calls through the validators. */
export async function measureContracts(bench) {
  const { say } = bench
  const machine = await measureMachines()
  const localSecondsOf1000 = await localSeconds()
  say(`contracts: ${localTests} local tests of one call in ${localSecondsOf1000.toFixed(1)} s`)
  const fourRows = await deploy(bench, 'four-rows.ts')
  const { deployMs } = fourRows
  say(`contracts: deployed and proven in ${Math.round(deployMs)} ms`)
  await fillRows(bench, fourRows.contract)
  const deployed = { 'four-rows.ts': fourRows, 'meter.ts': await deploy(bench, 'meter.ts') }
  const calls = {}
  for (const kind of kinds) {
    calls[kind.name] = await measureCalls(bench, { ...kind, contract: deployed[kind.file].contract })
  }
  return { calls, machine, localSecondsOf1000, deployMs }
}
