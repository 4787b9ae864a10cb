// Preloaded into a validator: its files are rolled, cleaned and deleted after kilobytes instead of megabytes.
import { StateLog } from '../../dist/executor/state-log.js'
import { AppendLog } from '../../dist/storage/append-log.js'
import { UnsyncedLog } from '../../dist/storage/unsynced-log.js'

const segmentBytesMax = 6_000
const cleanedBytesMin = 12_000
/** Every block's results have a file of their own: a state that falls back by a block deletes results. */
const resultsBytesMax = 500

function openWith(log, name, own) {
  const open = log[name]
  log[name] = (options, ...rest) => open.call(log, { ...options, ...own(options) }, ...rest)
}

openWith(AppendLog, 'open', () => ({ segmentBytesMax }))
openWith(AppendLog, 'openCopied', () => ({ segmentBytesMax }))
openWith(UnsyncedLog, 'open', ({ name }) => ({
  segmentBytesMax: name === 'results' ? resultsBytesMax : segmentBytesMax,
}))
openWith(StateLog, 'open', () => ({ cleanedBytesMin }))
