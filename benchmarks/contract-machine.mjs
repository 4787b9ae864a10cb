// Calls of a contract that reads and writes four records: metered and from the same memory each time, beside the machine as it was
// built, which is neither. Ratios of one run count. node benchmarks/contract-machine.mjs
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { ContractImage, callLimitsDefault, openMachine } from '../core/dist/contract-vm/index.js'
import { startQuickJs } from '../core/dist/contract-vm/quickjs.js'

const rounds = 5
const warmUpCalls = 3_000
const callsPerRound = 5_000
const pages = 256

const wasm = createRequire(new URL('../core/package.json', import.meta.url)).resolve(
  '@jitl/quickjs-wasmfile-release-sync/wasm',
)
const bytes = new Uint8Array(readFileSync(wasm))

const record = (n) =>
  JSON.stringify({
    owner: `member-${n}`,
    asset: 'EUR',
    balance: String(1_000_000 + n),
    opened: '2026-11-20',
    note: 'x'.repeat(60),
  })
const input = JSON.stringify({ action: 'move', from: ['r0', 'r1'], to: ['r2', 'r3'], amount: '5' })
/** As large as a small contract with its library. */
const library = Array.from(
  { length: 60 },
  (_, i) => `function unused${i}(a, b) { if (a > b) return a - b; return b + ${i} }`,
).join('\n')
const script = `${library}
globalThis.contract = (text) => {
  const { from, to, amount } = JSON.parse(text)
  const change = (key, by) => {
    const row = JSON.parse(host('get ' + key))
    row.balance = String(BigInt(row.balance) + by)
    host('put ' + key + ' ' + JSON.stringify(row))
  }
  for (const key of from) change(key, -BigInt(amount))
  for (const key of to) change(key, BigInt(amount))
  return '{"moved":2}'
}`

function host(question) {
  return question.startsWith('get ') ? record(question.charCodeAt(5) - 48) : ''
}

/** Calls of the machine as it was built: no fuel, no limits, and what one call leaves the next one finds. */
function plainCaller() {
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
  return () => {
    const argument = value(input)
    new DataView(memory.buffer).setUint32(values, argument, true)
    const result = quickjs.call(context, entry, nothing, 1, values)
    const text = read(result)
    quickjs.freeValue(context, result)
    quickjs.freeValue(context, argument)
    return text
  }
}

function meteredCaller() {
  const { image } = ContractImage.create(openMachine(bytes), script, callLimitsDefault)
  return () => {
    const outcome = image.call(input, host, callLimitsDefault)
    if (outcome.kind !== 'returned') throw new Error(JSON.stringify(outcome, (_, of) => String(of)))
    return outcome.output
  }
}

function callsPerSecond(call, calls) {
  const { user, system } = process.cpuUsage()
  for (let i = 0; i < calls; i++) if (call() !== '{"moved":2}') throw new Error('another output')
  const used = process.cpuUsage()
  return calls / ((used.user - user + used.system - system) / 1e6)
}

const callers = { plain: plainCaller(), metered: meteredCaller() }
for (const call of Object.values(callers)) callsPerSecond(call, warmUpCalls)
const best = { plain: 0, metered: 0 }
for (let round = 0; round < rounds; round++) {
  for (const [name, call] of Object.entries(callers))
    best[name] = Math.max(best[name], callsPerSecond(call, callsPerRound))
}
console.log(`as it was built: ${Math.round(best.plain)} calls a second of one core`)
console.log(
  `metered, from the same memory: ${Math.round(best.metered)}, ${(best.metered / best.plain).toFixed(2)} of that`,
)
