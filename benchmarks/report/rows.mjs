import { count, megabytes, microseconds, milliseconds, percent } from './table.mjs'

function limitRows({ limits, machine, options, versions }) {
  const commit = versions.commit === undefined ? '' : `, commit ${versions.commit.slice(0, 10)}`
  return [
    ['machine', '', `${machine.cores} × ${machine.cpu}, ${megabytes(machine.memoryBytes)}, ${machine.kernel}`],
    [
      'versions',
      '',
      `Tallystick ${versions.tallystick}${commit}${versions.changed ? ' and changes' : ''}, Node ${versions.node}`,
    ],
    ['configuration', '', `${options.validators} validators, ${options.accounts} accounts, engine ${options.engine}`],
    ['signature checks of one core', `${count(limits.verificationsPerSecondOfOneCore)}/s`],
    ['execution of a transfer alone', microseconds(limits.executionUsPerTransfer)],
    ['synced appends of 4 KiB', `${count(limits.syncedAppendsPerSecond)}/s`],
    ['synced appends of 1 MiB', `${megabytes(limits.syncedBytesPerSecond)}/s`],
    ['loopback TCP', `${megabytes(limits.loopbackBytesPerSecond)}/s`],
    ['limit: cores that only check signatures', `${count(limits.transfersPerSecondCheckedOnly)}/s`],
    ['limit: cores that only check and execute', `${count(limits.transfersPerSecond)}/s`],
  ]
}

function threadCosts({ cpuUsPerTransferByThread }) {
  return Object.entries(cpuUsPerTransferByThread)
    .filter(([, us]) => us >= 0.1)
    .map(([thread, us]) => `${thread} ${microseconds(us)}`)
    .join(', ')
}

function costRows(name, costs) {
  const { all, ...folders } = costs.diskBytesPerTransfer
  const byFolder = Object.entries(folders).map(([folder, bytes]) => `${folder} ${count(bytes)}`)
  return [
    [`${name}: CPU per transfer and validator`, microseconds(costs.cpuUsPerTransfer), threadCosts(costs)],
    [
      `${name}: CPU of the load generator`,
      microseconds(costs.generatorCpuUsPerTransfer),
      `${costs.generatorCores.toFixed(2)} cores`,
    ],
    [`${name}: disk per transfer and node`, `${count(all)} B`, byFolder.join(', ')],
    [`${name}: sent per transfer and node`, `${count(costs.sentBytesPerTransfer)} B`],
    [`${name}: memory of a validator, most`, megabytes(costs.residentBytesMax)],
  ]
}

function throughputRows(report) {
  const rows = []
  const runsOf = ({ runs }) => `runs: ${runs.map((run) => count(run.transfersPerSecond)).join(', ')}`
  if (report.transfers) {
    const share = `${percent(report.transfersOfLimit)} of the limit; ${runsOf(report.transfers)}`
    rows.push(['transfers, each signed', `${count(report.transfersPerSecond)}/s`, share])
    rows.push(...costRows('transfers', report.transfers.costs))
  }
  if (report.batches) {
    rows.push(['transfers in signed batches', `${count(report.batchedTransfersPerSecond)}/s`, runsOf(report.batches)])
    rows.push(...costRows('batches', report.batches.costs))
  }
  return rows
}

function latencyRows(name, { finalMs, provenMs, blocksToProven }) {
  const row = (what, { p50, p95, p99, max }) => [
    `${name}: submit to ${what}, p50`,
    milliseconds(p50),
    `p95 ${milliseconds(p95)}, p99 ${milliseconds(p99)}, most ${milliseconds(max)}`,
  ]
  const blocks = `p99 ${blocksToProven.p99}, most ${blocksToProven.max}`
  return [
    row('final', finalMs),
    row('proven', provenMs),
    [`${name}: blocks from final to proven, p50`, `${blocksToProven.p50}`, blocks],
  ]
}

function kneeRows({ steps }) {
  return steps.map(
    ({ share, offeredPerSecond, acceptedPerSecond, provenPerSecond, refused, notSent, provenMs, answerMs }) => [
      `load ${percent(share)} (${count(offeredPerSecond)}/s)`,
      `${count(provenPerSecond)}/s`,
      [
        `accepted ${count(acceptedPerSecond)}/s, refused ${count(refused)}, not sent ${count(notSent)}`,
        provenMs && `proven p50 ${milliseconds(provenMs.p50)}, p99 ${milliseconds(provenMs.p99)}`,
        answerMs && `answer p99 ${milliseconds(answerMs.p99)}`,
      ]
        .filter(Boolean)
        .join('; '),
    ],
  )
}

const callKinds = {
  fourRows: 'calls that read and write four rows',
  fourRowsPacked: 'the same, sixteen in a transaction',
  oneRow: 'calls that read and write one row',
  oneRowPacked: 'the same, sixteen in a transaction',
}

function callRows({ callsPerSecond, runs, costs }, name, plainCosts) {
  const cpu = costs.cpuUsPerTransfer
  const beside = plainCosts ? `, ${(cpu / plainCosts.cpuUsPerTransfer).toFixed(1)} × that of a transfer` : ''
  return [
    [name, `${count(callsPerSecond)}/s`, `runs: ${runs.map((run) => count(run.transfersPerSecond)).join(', ')}`],
    ['  CPU of one, a validator', microseconds(cpu), `${threadCosts(costs)}${beside}`],
  ]
}

function contractRows({ contracts, transfers, probe }) {
  const { machine, calls, deployMs, localSecondsOf1000 } = contracts
  const rate = ({ metered, plain }) => `${count(metered)}/s, ${percent(metered / plain)} of the machine as it was built`
  const plainCosts = (transfers ?? probe)?.costs
  return [
    ...Object.entries(callKinds).flatMap(([kind, name]) => callRows(calls[kind], name, plainCosts)),
    ['contract with the kit, one core', rate(machine.rates.kit), `${count(machine.fuel.kit)} units of fuel`],
    ['the same by hand, one core', rate(machine.rates.hand), `${count(machine.fuel.hand)} units of fuel`],
    ['deployment, sent to proven', milliseconds(deployMs)],
    ['1,000 tests of one call on local ledgers', `${localSecondsOf1000.toFixed(1)} s`],
  ]
}

function startRows({ transfers, readySeconds, firstReceiptSeconds, ...start }) {
  return [
    [
      'start to the first verified receipt',
      `${firstReceiptSeconds.toFixed(1)} s`,
      `${count(transfers)} transfers; ready after ${readySeconds.toFixed(1)} s`,
    ],
    [
      'memory of a validator with this ledger',
      megabytes(start.residentBytesBefore),
      `after the start ${megabytes(start.residentBytesAfter)}`,
    ],
    ['disk of a node with this ledger', megabytes(start.diskBytesPerNode)],
  ]
}

/** The report as rows of a table. */
export function reportRows(report) {
  const { finality, knee, start } = report
  return [
    ...limitRows(report),
    ...throughputRows(report),
    ...(finality ? [...latencyRows('idle', finality.idle), ...latencyRows('half load', finality.halfLoad)] : []),
    ...(knee ? kneeRows(knee) : []),
    ...(report.contracts ? contractRows(report) : []),
    ...(start ? startRows(start) : []),
  ]
}
