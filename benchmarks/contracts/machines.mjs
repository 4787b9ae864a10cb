// Calls of a contract that reads and writes four rows: in the metered machine, from the same memory each time and with its input checked
// by the schema, beside the machine as it was built, which is none of it.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ContractImage, callLimitsDefault, openMachine } from '../../core/dist/contract-vm/index.js'
import { startQuickJs } from '../../core/dist/contract-vm/quickjs.js'
import { compileSchema, parseJson } from '../../core/dist/protocol/index.js'

const pages = 256
const wasm = createRequire(new URL('../../core/package.json', import.meta.url)).resolve(
  '@jitl/quickjs-wasmfile-release-sync/wasm',
)
const bytes = new Uint8Array(readFileSync(wasm))

/** A host of rows in memory, for spec/contracts.md §5. */
export function rowsHost() {
  const rows = new Map()
  return (question) => {
    const what = question[0]
    if (what === 'g') {
      const value = rows.get(question.slice(1))
      return value === undefined ? '-' : `=${value}`
    }
    if (what !== 'p') throw new Error(`not asked here: ${question.slice(0, 60)}`)
    const colon = question.indexOf(':')
    const length = Number(question.slice(1, colon))
    rows.set(question.slice(colon + 1, colon + 1 + length), question.slice(colon + 1 + length))
    return '='
  }
}

/** Calls of the machine as it was built: no fuel, no limits, and what one call leaves the next one finds. */
export function plainCaller(script, host) {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const { quickjs, memory } = startQuickJs(new WebAssembly.Module(bytes), pages, {
    call: (_count, at) => value(host(read(quickjs.argument(at, 0)))),
    grow: (wanted) => memory.grow(Math.ceil(wanted / 65_536) - memory.buffer.byteLength / 65_536),
    abort() {
      throw new Error('the machine gave up')
    },
  })
  quickjs.initialize()
  const context = quickjs.newContext(quickjs.newRuntime(), 0)
  const put = (text) => {
    const content = encoder.encode(text)
    const at = quickjs.malloc(content.length + 1)
    const all = new Uint8Array(memory.buffer)
    all.set(content, at)
    all[at + content.length] = 0
    return [at, content.length]
  }
  const value = (text) => {
    const [at] = put(text)
    const made = quickjs.newString(context, at)
    quickjs.free(at)
    return made
  }
  const read = (of) => {
    const at = quickjs.getString(context, of)
    const all = new Uint8Array(memory.buffer)
    const text = decoder.decode(all.subarray(at, all.indexOf(0, at)))
    quickjs.freeText(context, at)
    return text
  }
  const global = quickjs.getGlobal(context)
  quickjs.setProperty(context, global, value('host'), quickjs.newFunction(context, put('host')[0], 1, 0, 1))
  const [at, length] = put(script)
  quickjs.evaluate(context, at, length, put('contract')[0], 0, 0)
  const entry = quickjs.getProperty(context, global, value('contract'))
  const nothing = quickjs.getUndefined()
  const values = quickjs.malloc(4)
  return (input) => {
    const argument = value(input)
    new DataView(memory.buffer).setUint32(values, argument, true)
    const result = quickjs.call(context, entry, nothing, 1, values)
    const text = read(result)
    quickjs.freeValue(context, result)
    quickjs.freeValue(context, argument)
    return text
  }
}

/** @param schemas - Of the actions' inputs, checked before every call as the ledger does. */
export function meteredCaller(script, host, schemas) {
  const { image } = ContractImage.create(openMachine(bytes), script, callLimitsDefault)
  const checks = Object.fromEntries(Object.entries(schemas).map(([name, { input }]) => [name, compileSchema(input)]))
  let fuel = 0n
  const call = (input) => {
    const question = parseJson(input)
    const problem = checks[question.name](question.input, 'input')
    if (problem !== undefined) throw new Error(problem)
    const outcome = image.call(input, host, callLimitsDefault)
    if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome, (_, of) => String(of)))
    fuel = outcome.fuelUsed
    return outcome.output
  }
  return Object.assign(call, { lastFuel: () => Number(fuel) })
}

/** Calls per second of CPU time. */
export function callsPerSecond(call, input, expected, calls) {
  const { user, system } = process.cpuUsage()
  for (let i = 0; i < calls; i++) {
    const output = call(input)
    if (output !== expected) throw new Error(`another output: ${output}`)
  }
  const used = process.cpuUsage()
  return calls / ((used.user - user + used.system - system) / 1e6)
}

/** The best of some rounds each, in turn, since a busy machine only ever slows down. @returns rates by name */
export function bestRates(callers, input, expected, { rounds, calls, warmUp }) {
  const best = Object.fromEntries(Object.keys(callers).map((name) => [name, 0]))
  for (const call of Object.values(callers)) callsPerSecond(call, input, expected, warmUp)
  for (let round = 0; round < rounds; round++) {
    for (const [name, call] of Object.entries(callers)) {
      best[name] = Math.max(best[name], callsPerSecond(call, input, expected, calls))
    }
  }
  return best
}
