import { parseArgs } from 'node:util'

export const measurements = ['transfers', 'finality', 'knee', 'batches', 'contracts', 'start', 'profile']
/** What runs where nothing is named: a profile slows down what it watches, so it is asked for by name. */
const measuredByDefault = measurements.filter((name) => name !== 'profile')
const engines = ['simplex']

const full = { accounts: 100_000, seconds: 60, runs: 3, warmUp: 10, ledgerTransfers: 1_000_000, stepSeconds: 12 }
const quick = { accounts: 1_000, seconds: 4, runs: 1, warmUp: 1, ledgerTransfers: 20_000, stepSeconds: 2 }

export const usage = `npm run bench -- [MEASUREMENT...] [OPTION...]
  measurements           ${measurements.join(' ')} (all but profile if none is named)
  --engine NAME          the consensus engine: ${engines.join(', ')}
  --validators N         validator processes (4)
  --accounts N           accounts that pay each other (${full.accounts})
  --seconds N            length of a run (${full.seconds})
  --runs N               runs, of which the median counts (${full.runs})
  --ledger-transfers N   transfers on the ledger that is started again (${full.ledgerTransfers})
  --quick                small values for all of these: a smoke test, not a measurement
  --json                 the report as JSON on standard output, and nothing else there
  --keep                 keeps the folder of the nodes`

function fail(message) {
  console.error(`error BENCH_USAGE: ${message}\n${usage}`)
  process.exit(2)
}

function whole(name, text, least) {
  if (!/^[0-9]+$/.test(text) || Number(text) < least) fail(`--${name} wants a whole number from ${least}, not ${text}`)
  return Number(text)
}

function parse(args) {
  const text = { type: 'string' }
  const flag = { type: 'boolean', default: false }
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: 'simplex' },
        validators: { type: 'string', default: '4' },
        accounts: text,
        seconds: text,
        runs: text,
        'ledger-transfers': text,
        quick: flag,
        json: flag,
        keep: flag,
        help: flag,
      },
    })
  } catch (error) {
    return fail(error.message)
  }
}

/** The options of a run; ends the process with status 2 and the usage if they can't be understood. */
export function readOptions(args) {
  const { values, positionals } = parse(args)
  if (values.help) {
    console.log(usage)
    process.exit(0)
  }
  if (!engines.includes(values.engine)) fail(`there is no engine ${values.engine}; there is ${engines.join(', ')}`)
  const unknown = positionals.find((name) => !measurements.includes(name))
  if (unknown !== undefined) fail(`there is no measurement ${unknown}; there are ${measurements.join(', ')}`)
  const defaults = values.quick ? quick : full
  const number = (name, fallback, least = 1) =>
    values[name] === undefined ? fallback : whole(name, values[name], least)
  return {
    names: positionals.length > 0 ? measurements.filter((name) => positionals.includes(name)) : measuredByDefault,
    engine: values.engine,
    validators: number('validators', 4),
    accounts: number('accounts', defaults.accounts, 2),
    seconds: number('seconds', defaults.seconds),
    runs: number('runs', defaults.runs),
    ledgerTransfers: number('ledger-transfers', defaults.ledgerTransfers),
    warmUpSeconds: defaults.warmUp,
    stepSeconds: defaults.stepSeconds,
    quick: values.quick,
    json: values.json,
    keep: values.keep,
  }
}
