// Writes docs/errors.md from the tables in the code; with --check it only compares. Run after a build.
import { readFileSync, writeFileSync } from 'node:fs'
import { cliErrors } from '../cli/dist/errors.js'
import { clientErrors } from '../client/dist/errors.js'
import { buildProblems } from '../contract-kit/dist/build/errors.js'
import { contractKitProblems } from '../contract-kit/dist/errors.js'
import { localLedgerProblems } from '../contract-kit/dist/local/errors.js'
import { codecProblems } from '../core/dist/codec/index.js'
import { proofProblems, results } from '../core/dist/protocol/index.js'
import { PROBLEMS } from '../iso20022/dist/errors.js'
import {
  apiErrors,
  configProblems,
  executorErrors,
  keyProblems,
  networkProblems,
  nodeAlarms,
  storageProblems,
} from '../node/dist/errors.js'
import { Anchors, repeatedIds } from './anchors.mjs'

const page = new URL('../docs/errors.md', import.meta.url)
const cell = (text) => String(text).replaceAll('|', '\\|')
const anchors = new Anchors()
const anchor = (code, title) => `<a id="${anchors.idOf(code, title)}"></a>\`${code}\``

/** Rows of any of the tables' shapes: a remedy alone, [status, remedy], [summary, action], or named fields. */
function rowOf(first, value) {
  if (typeof value === 'string') return [first, '', value]
  if (Array.isArray(value))
    return typeof value[0] === 'number' ? [first, `exit status ${value[0]}`, value[1]] : [first, value[0], value[1]]
  const happened = value.summary ?? value.message
  const extra = value.httpStatus
    ? `${value.httpStatus}: `
    : value.reason
      ? `${value.reason}: `
      : value.iso
        ? `${value.iso}: `
        : ''
  return [first, extra + happened, value.action ?? value.remedy]
}

function section(title, intro, table) {
  const rows = Object.entries(table).map(
    ([code, value]) => `| ${rowOf(anchor(code, title), value).map(cell).join(' | ')} |`,
  )
  return `## ${title}\n\n${intro}\n\n| code | what happened | what to do |\n|---|---|---|\n${rows.join('\n')}\n`
}

const text = `# Errors

Every code that Tallystick shows, with what happened and what to do. Codes are stable: programs may rely on them. This page is
written from the tables in the code by \`node scripts/errors-page.mjs\`.

${[
  section(
    'Results of transactions',
    'A receipt carries one for the transaction and one for each action. Before the text stands the ISO 20022 reason that a pain.002 status report gives.',
    results,
  ),
  section('Proofs', 'The link that fails stands beside the code, such as `anchor.header`.', proofProblems),
  section(
    'Encodings',
    'The field that is wrong stands beside the code, such as `body.groups[2].actions[0].amount`.',
    codecProblems,
  ),
  section('Payment files', 'Problems of a pain.001 file, with the ISO 20022 reason.', PROBLEMS),
  section(
    'API',
    'Answers are problem documents (RFC 9457) with this code; before the text stands the HTTP status.',
    apiErrors,
  ),
  section('Client', 'Thrown by the TypeScript client.', clientErrors),
  section('Command line', 'Printed by `tallystick`; the exit statuses are described in cli.md.', cliErrors),
  section(
    'Building contracts',
    'Of `tallystick contract build` and what builds, with file, line and column.',
    buildProblems,
  ),
  section(
    'Refusals of the contract kit',
    'A contract refuses with codes of its own; these are of the kit that it was written with. They stand in the receipt, as an event `refused`.',
    contractKitProblems,
  ),
  section('Tests of contracts', 'Of `LocalLedger`, where a test asks for what can not be.', localLedgerProblems),
  section('Configuration and genesis', 'A node that meets one does not start, and nothing is changed.', configProblems),
  section('Keys', 'A key file that can not be used is never overwritten.', keyProblems),
  section('Files of a node', 'A node that meets one stops before it relies on the file.', storageProblems),
  section(
    'Executed state',
    "The executor's store is derived from the blocks and can always be rebuilt.",
    executorErrors,
  ),
  section(
    'Network between nodes',
    'Reasons for which a connection between nodes is refused or closed; counted in the metrics.',
    networkProblems,
  ),
  section(
    'Alarms of a node',
    'The node goes on. They stand in its log, and those that last also in its status; reliability.md says when they come.',
    nodeAlarms,
  ),
].join('\n')}`

const repeated = repeatedIds(text)
if (repeated.length > 0) {
  console.log(`docs/errors.md would have an anchor twice: ${repeated.join(', ')}`)
  process.exit(1)
}
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') === text) process.exit(0)
  console.log('docs/errors.md does not say what the code says: run node scripts/errors-page.mjs')
  process.exit(1)
}
writeFileSync(page, text)
