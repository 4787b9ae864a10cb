import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { meterModule } from '../metering/index.ts'

let compiled: WebAssembly.Module | undefined

/** QuickJS as the package brings it, metered and compiled once. */
export function meteredQuickJs(): WebAssembly.Module {
  const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
  compiled ??= new WebAssembly.Module(meterModule(new Uint8Array(readFileSync(path))))
  return compiled
}
