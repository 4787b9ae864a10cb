import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openMachine } from '../index.ts'

const path = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
let metered: WebAssembly.Module | undefined

export function quickJsBytes(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(path))
}

/** QuickJS as the package brings it. */
export function plainQuickJs(): WebAssembly.Module {
  return new WebAssembly.Module(quickJsBytes())
}

/** The same, metered; compiled once. */
export function meteredQuickJs(): WebAssembly.Module {
  metered ??= openMachine(quickJsBytes())
  return metered
}
