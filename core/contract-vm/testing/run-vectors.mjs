// Runs scripts on whichever Node runs this file, with the compiled machine. A list of bodies comes in as JSON on standard input, a
// list of outcomes goes out.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import { ContractImage, callLimitsDefault, openMachine } from '../../dist/contract-vm/index.js'

const wasm = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
const module = openMachine(new Uint8Array(readFileSync(wasm)))
const { bodies, fuel } = JSON.parse(readFileSync(0, 'utf8'))
const limits = { ...callLimitsDefault, fuel: BigInt(fuel) }
const outcomes = bodies.map((body) => {
  const created = ContractImage.create(module, `globalThis.contract = function (input) { ${body} }`, limits)
  return 'image' in created ? created.image.call('', () => '', limits) : created
})
const text = JSON.stringify(outcomes, (_, value) => (typeof value === 'bigint' ? { bigint: String(value) } : value))
process.stdout.write(text)
