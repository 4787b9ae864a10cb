import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { contractMachineHash, defaultParameters } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { genesis } from '../testing/test-chain.ts'
import { compileMachine, expectContractMachine, openContractMachine } from './contract-machine.ts'

const { contracts } = defaultParameters

test('the installed package is the machine of a network with the default parameters', () => {
  expectContractMachine(genesis)
  expect(openContractMachine()).toBe(openContractMachine())
})

test.each([
  ['another hash', { ...contracts, machine: new Uint8Array(32) }],
  ['another version', { ...contracts, vmVersion: 2 }],
])('error: a genesis with %s of the machine is refused, and the message names both', (_, other) => {
  const parameters = { ...defaultParameters, contracts: other }
  expect(() => expectContractMachine({ parameters })).toThrow(
    expect.objectContaining({
      code: 'CONTRACT_MACHINE_DIFFERS',
      message: expect.stringContaining(contractMachineHash),
    }),
  )
})

test('error: a package that was changed, or is not there, is refused', () => {
  const bytes = readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))
  const changed = Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 100 ? byte ^ 1 : byte))
  const refused = expect.objectContaining({ code: 'CONTRACT_MACHINE_DIFFERS' })
  expect(() => compileMachine(() => changed)).toThrow(refused)
  expect(() => compileMachine(() => bytes.subarray(0, 1_000))).toThrow(refused)
  expect(() => compileMachine(() => readFileSync('/nowhere'))).toThrow(refused)
})
