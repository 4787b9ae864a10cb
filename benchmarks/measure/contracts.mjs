import { fileURLToPath } from 'node:url'
import { buildTransaction, oneGroup, signTransaction } from '@tallystick/client'
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
const localTests = 1_000
const validityMs = 570_000
/** Of one call: the contract's own work is some 25,000. */
const fuelPerCall = 100_000
const fuelOfFirst = 20_000_000
const load = { lanesPerNode: 16, perRequest: 16, firstGuess: 800 }
const quickLoad = { lanesPerNode: 2, perRequest: 4, firstGuess: 200 }

const builtFourRows = () => buildContract(fileURLToPath(new URL('../contracts/four-rows.ts', import.meta.url)))

async function signedBy({ run, signers }, by, action) {
  const groups = oneGroup([action])
  const authorizers = [{ kind: 'member', member: run.members[by] }]
  const terms = {
    ledger: run.ledger,
    groups,
    authorizers,
    payer: run.members[by],
    validUntilMs: Date.now() + validityMs,
  }
  return signTransaction(buildTransaction(terms), [signers[by]])
}

function requestOf(signed, debtor) {
  const ids = new Uint8Array(32 * signed.length)
  for (const [i, { body }] of signed.entries()) ids.set(transactionIdOf(body), 32 * i)
  return { body: encode(submission, signed), ids, count: signed.length, transfers: 1, debtor, movesNothing: true }
}

function callOf(contract, name, input, fuel = fuelPerCall) {
  const terms = { callers: [], funds: [], fuel, writtenBytes: 32_768 }
  return { kind: 'contract-call', contract, name, input: JSON.stringify(input), ...terms }
}

/** Deploys the contract of a run, and fills its rows. @returns its id, and how long the deployment took to be proven */
async function deploy(bench) {
  const { network, run } = bench
  const built = await builtFourRows()
  const member = run.members[0]
  const name = `four-rows-${Date.now() % 1e9}`
  const action = { kind: 'contract-deploy', member, name, vmVersion: 1, fuel: fuelOfFirst, ...built, prepaidSteps: 0 }
  const settle = async (requests) => {
    await closedLoop({ lanes: debtorLanes(network.apis, requests), stage: 'proven', isOver: () => false })
    await provenOutcomes(network, requests)
  }
  const signed = requestOf([await signedBy(bench, 0, action)], 0)
  const began = performance.now()
  await settle([signed])
  const deployMs = performance.now() - began
  const contract = contractIdOf(member, name)
  const fills = []
  for (let from = 0; from < rowsFilled; from += rowsPerFill) {
    const fill = callOf(contract, 'fill', { from, count: rowsPerFill }, fuelOfFirst)
    fills.push(requestOf([await signedBy(bench, 0, { ...fill, writtenBytes: 1_048_576 })], 0))
  }
  await settle(fills)
  return { contract, deployMs }
}

async function callRequests(bench, contract, count, perRequest) {
  const requests = []
  for (let made = 0; made < count; made += perRequest) {
    const by = requests.length % bench.run.members.length
    const signed = []
    for (let i = 0; i < perRequest; i++) {
      const [a, b, c, d] = [0, 1, 2, 3].map((n) => `member-${(7 * (made + i) + n * 501) % rowsFilled}`)
      const input = { from: [a, b], to: [c, d], amount: '1' }
      signed.push(await signedBy(bench, by, callOf(contract, 'move', input)))
    }
    requests.push(requestOf(signed, by))
  }
  return requests
}

/** A test of a contract as its author writes it: a fresh ledger, the contract deployed, one call. @returns seconds for 1,000 */
async function localSeconds() {
  const built = await builtFourRows()
  const { manifest } = evaluateManifest(built)
  const one = () => {
    const ledger = LocalLedger.create({ run: 'machine' })
    const contract = ledger.deployBuilt({ manifest, dispatch: () => '' }, built)
    contract.call('fill', { from: 0, count: 4 })
  }
  one()
  const began = performance.now()
  for (let i = 0; i < localTests; i++) one()
  return (performance.now() - began) / 1_000
}

/** Contracts: the machine alone, tests on a local ledger, and calls through the validators. */
export async function measureContracts(bench) {
  const { say, options } = bench
  const machine = await measureMachines()
  const localSecondsOf1000 = await localSeconds()
  say(`contracts: ${localTests} local tests of one call in ${localSecondsOf1000.toFixed(1)} s`)
  const { contract, deployMs } = await deploy(bench)
  say(`contracts: deployed and proven in ${Math.round(deployMs)} ms`)
  const { lanesPerNode, perRequest, firstGuess } = options.quick ? quickLoad : load
  const prepare = async (count) => {
    const requests = await callRequests(bench, contract, count, perRequest)
    return () => sharedLanes(bench.network.apis, requests, lanesPerNode)
  }
  const { transfersPerSecond, runs, costs } = await medianOfRuns(bench, {
    name: 'contract calls',
    prepare,
    stage: 'proven',
    firstGuess,
  })
  return { callsPerSecond: transfersPerSecond, runs, costs, machine, localSecondsOf1000, deployMs }
}
