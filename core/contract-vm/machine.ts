import { equalBytes, fromHex, toHex } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { contractMachineHash } from '../protocol/index.ts'
import { meterModule } from './metering/index.ts'
import { MachineFault } from './outcome.ts'

/** Over the metered module. */
export function machineHashOf(metered: Uint8Array): Hash {
  return taggedHash('tallystick/contract-machine', metered)
}

/**
 * Meters and compiles the machine.
 * @param quickjs - `emscripten-module.wasm` of `@jitl/quickjs-wasmfile-release-sync` 0.32.0.
 * @throws {MachineFault} if it is another one; {MeteringError} if it is none.
 */
export function openMachine(quickjs: Uint8Array): WebAssembly.Module {
  const metered = meterModule(quickjs)
  const hash = machineHashOf(metered)
  if (!equalBytes(hash, fromHex(contractMachineHash))) {
    throw new MachineFault(
      `the machine of contracts is ${toHex(hash)}, and ${contractMachineHash} is wanted: install the package anew`,
    )
  }
  return new WebAssembly.Module(metered)
}
