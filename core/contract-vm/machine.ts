import { equalBytes, fromHex, toHex } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { meterModule } from './metering/index.ts'
import { MachineFault } from './outcome.ts'

/**
 * The hash of the one machine that contracts run in. Results and fuel depend on its every byte, so another machine is another
 * version, which a network changes to together.
 */
export const machineHash = 'b1f24e8e98cf12b9abc45614d50f5ae69cf79a6118d4f4b7b9de6a0391394739'

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
  if (!equalBytes(hash, fromHex(machineHash))) {
    throw new MachineFault(
      `the machine of contracts is ${toHex(hash)}, and ${machineHash} is wanted: install the package anew`,
    )
  }
  return new WebAssembly.Module(metered)
}
