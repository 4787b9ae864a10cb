import { count, megabytes, microseconds, percent } from './table.mjs'

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
    ['limit: cores that only check and execute', `${count(limits.transfersPerSecond)}/s`],
  ]
}

function costRows(name, costs) {
  const threads = Object.entries(costs.cpuUsPerTransferByThread)
    .filter(([, us]) => us >= 0.1)
    .map(([thread, us]) => `${thread} ${microseconds(us)}`)
  const { all, ...folders } = costs.diskBytesPerTransfer
  const byFolder = Object.entries(folders).map(([folder, bytes]) => `${folder} ${count(bytes)}`)
  return [
    [`${name}: CPU per transfer and validator`, microseconds(costs.cpuUsPerTransfer), threads.join(', ')],
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

/** The report as rows of a table. */
export function reportRows(report) {
  return [...limitRows(report), ...throughputRows(report)]
}
