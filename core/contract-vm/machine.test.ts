import { expect, test } from 'vitest'
import { contractMachineHash } from '../protocol/index.ts'
import { MachineFault, openMachine } from './index.ts'
import { meterModule } from './metering/index.ts'
import { quickJsBytes } from './testing/metered-quickjs.ts'

test('error: another machine is refused, with the hash that is wanted', () => {
  const other = quickJsBytes()
  // A text among the module's data.
  const at = Buffer.from(other.buffer).indexOf('use strict')
  expect(at).toBeGreaterThan(0)
  other[at]! ^= 1
  expect(() => openMachine(other)).toThrow(MachineFault)
  expect(() => openMachine(other)).toThrow(contractMachineHash)
})

test.each([
  ['nothing', new Uint8Array(0), 'WASM_MALFORMED'],
  ['a text', new TextEncoder().encode('not a module at all'), 'WASM_MALFORMED'],
  ['half a module', quickJsBytes().subarray(0, 200_000), 'WASM_MALFORMED'],
  ['an empty module', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'WASM_UNSUPPORTED'],
])('error: %s is no machine', (_, bytes, code) => {
  expect(() => meterModule(bytes)).toThrow(expect.objectContaining({ code }))
})
