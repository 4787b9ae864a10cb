import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildTransaction, eachAlone, keyFromSeed, oneGroup, signTransaction } from '@tallystick/client'
import { decodeJsonText, encode } from '@tallystick/core/codec'
import {
  accountIdOf,
  actionsMax,
  assetIdOf,
  genesis as genesisCodec,
  ledgerOf,
  memberIdOf,
  requiredLimits,
  submission,
  transactionIdOf,
} from '@tallystick/core/protocol'
import { createLocalNetwork } from '@tallystick/node/config'
import { readKeyFile } from '@tallystick/node/keys'
import { accountTable, accountTerms, idOf, saltOf, seedOf } from '../load/accounts.mjs'
import { closedLoop, debtorLanes } from '../load/closed-loop.mjs'
import { provenOutcomes } from '../load/outcomes.mjs'
import { Packer } from '../load/packer.mjs'
import { RunningNetwork } from '../network/run-network.mjs'

/** Twice the four that fill a block by quota: while one block is proven the next can be full too. */
const memberCount = 8
const membersWanted = Array.from({ length: memberCount }, (_, i) => ({
  slug: `bank-${i + 1}`,
  identifier: `BENCHMARK${String(i + 1).padStart(4, '0')}`,
  name: `Bank ${i + 1}`,
  roles: ['validator', 'bank', 'issuer', 'registrar', 'publisher'],
}))
/** A short run needs several transactions of each debtor. */
const quickPackedMax = 256
const validityMs = 540_000
const fundsPerAccount = 1_000_000n
const fundsPerDebtor = 10n ** 15n

/** Creates the network of a run, and starts it. */
export async function startFresh({ options, directory, runSeed }) {
  const local = await createLocalNetwork({
    directory: join(directory, 'network'),
    validators: options.validators,
    members: membersWanted,
  })
  const genesisText = await readFile(local.genesisPath, 'utf8')
  const genesis = decodeJsonText(genesisCodec, genesisText)
  const keys = await Promise.all(local.members.map(({ keyPath }) => readKeyFile(keyPath, 'member')))
  const members = genesis.members.map(({ identifier }) => memberIdOf(identifier))
  // Behind the accounts that pay each other stands one of each member, from which packed transactions pay.
  const firstDebtor = Math.ceil(options.accounts / memberCount) * memberCount
  const run = { ledger: ledgerOf(genesis), members, runSeed }
  const table = accountTable(firstDebtor + memberCount)
  const packer = new Packer(run, table)
  const network = new RunningNetwork(local)
  await Promise.all([packer.fillAccounts(), network.start()])
  const bench = {
    options,
    directory,
    network,
    genesis,
    genesisText,
    packer,
    run,
    table,
    accounts: options.accounts,
    debtors: members.map((_, i) => firstDebtor + i),
    asset: assetIdOf(members[0], 'EUR'),
    signers: keys.map(({ seed }) => keyFromSeed(seed)),
  }
  const transfersPerPacked = Math.min(packedSize(bench), options.quick ? quickPackedMax : actionsMax)
  return { ...bench, transfersPerPacked }
}

const plain = { reference: undefined, commitment: undefined }

/** As many groups as a transaction may have and a member's quota lets stand in one block. */
function packedSize(bench) {
  const { asset, table, debtors } = bench
  const transfer = {
    kind: 'transfer',
    asset,
    debit: idOf(table, debtors[0]),
    credit: idOf(table, 0),
    amount: 1n,
    ...plain,
  }
  return fitting(bench, () => transfer, actionsMax)
}

function fitting(bench, actionOf, most) {
  const quota = bench.genesis.members[0].quota
  const sums = (count) => requiredLimits({ groups: eachAlone(Array.from({ length: count }, (_, i) => actionOf(i))) })
  const [one, two] = [sums(1), sums(2)]
  const inQuota = (unit) => Math.floor((quota[`${unit}PerBlock`] - one[unit]) / (two[unit] - one[unit])) + 1
  return Math.min(most, inQuota('steps'), inQuota('writtenBytes'))
}

/** @param by - Index of the member that pays. */
async function requestOf({ run }, { by, authorizer, signer }, groups) {
  const validUntilMs = Date.now() + validityMs
  const terms = { ledger: run.ledger, groups, authorizers: [authorizer], payer: run.members[by], validUntilMs }
  const signed = await signTransaction(buildTransaction(terms), [signer])
  return { body: encode(submission, [signed]), ids: transactionIdOf(signed.body), count: 1, debtor: by }
}

const byMember = ({ run, signers }, by) => ({
  by,
  authorizer: { kind: 'member', member: run.members[by] },
  signer: signers[by],
})

const byDebtor = ({ run, table, debtors }, by) => ({
  by,
  authorizer: { kind: 'account', account: idOf(table, debtors[by]) },
  signer: keyFromSeed(seedOf(run.runSeed, debtors[by])),
})

/** Members' transactions, each member's one after another, all proven and OK at the end. */
async function settle({ network }, requests) {
  const lanes = debtorLanes(network.apis, requests)
  await closedLoop({ lanes, stage: 'proven', isOver: () => false })
  await provenOutcomes(network, requests)
}

async function accountRequests(bench) {
  const { run, table } = bench
  const openOf = (n) => {
    const { member, policy, salt } = accountTerms(run, n)
    const shared = { accountKind: 'customer', parent: undefined, commitment: undefined }
    return { kind: 'open-account', member, policy, salt, ...shared }
  }
  const size = fitting(bench, openOf, actionsMax)
  const requests = []
  for (let by = 0; by < run.members.length; by++) {
    const own = []
    for (let n = by; n < table.count; n += run.members.length) own.push(n)
    for (let from = 0; from < own.length; from += size) {
      requests.push(await requestOf(bench, byMember(bench, by), eachAlone(own.slice(from, from + size).map(openOf))))
    }
  }
  return requests
}

async function assetRequests(bench) {
  const { run, asset } = bench
  const [member] = run.members
  const policy = bench.genesis.members[0].policy
  const salt = saltOf(run.runSeed, -1)
  const open = { kind: 'open-account', member, accountKind: 'issuance', parent: undefined, policy, salt }
  const create = { kind: 'create-asset', issuer: member, code: 'EUR', name: 'Euro', assetKind: 'fungible', decimals: 2 }
  const issuanceAccount = accountIdOf(member, policy, salt)
  const actions = [
    { ...open, commitment: undefined },
    { ...create, issuanceAccount, supplyMax: undefined },
    ...bench.debtors.map((n) => ({
      kind: 'issue',
      asset,
      credit: idOf(bench.table, n),
      amount: fundsPerDebtor,
      ...plain,
    })),
  ]
  return [await requestOf(bench, byMember(bench, 0), oneGroup(actions))]
}

/** Packed transfers from the members' debtors to every account. */
async function fundingRequests(bench) {
  const { table, debtors, asset, accounts, transfersPerPacked: size } = bench
  const requests = []
  for (let from = 0; from < accounts; from += size) {
    const by = requests.length % debtors.length
    const debit = idOf(table, debtors[by])
    const numbers = Array.from({ length: Math.min(size, accounts - from) }, (_, i) => from + i)
    const groups = eachAlone(
      numbers.map((n) => ({
        kind: 'transfer',
        asset,
        debit,
        credit: idOf(table, n),
        amount: fundsPerAccount,
        ...plain,
      })),
    )
    requests.push(await requestOf(bench, byDebtor(bench, by), groups))
  }
  return requests
}

/** What opens the accounts and gives each its funds: phases that follow each other. */
export async function planSetUp(bench) {
  return [await accountRequests(bench), await assetRequests(bench), await fundingRequests(bench)]
}

/** @returns how long it took */
export async function setUp(bench, phases) {
  const start = performance.now()
  for (const requests of phases) await settle(bench, requests)
  return { accounts: bench.accounts, seconds: (performance.now() - start) / 1_000 }
}
