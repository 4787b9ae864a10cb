import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { meterModule } from '../metering/index.ts'

const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
let metered: WebAssembly.Module | undefined

/** QuickJS as the package brings it. */
export function plainQuickJs(): WebAssembly.Module {
  return new WebAssembly.Module(new Uint8Array(readFileSync(path)))
}

/** The same, metered; compiled once. */
export function meteredQuickJs(): WebAssembly.Module {
  metered ??= new WebAssembly.Module(meterModule(new Uint8Array(readFileSync(path))))
  return metered
}
