import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { equalBytes, fromHex, toHex } from '@tallystick/core/codec'
import { openMachine } from '@tallystick/core/contract-vm'
import { contractMachineHash, type Genesis } from '@tallystick/core/protocol'
import { ExecutorError } from './errors.ts'

/** Metered and compiled; other threads may be given it. */
export type ContractMachine = ReturnType<typeof openMachine>

/** What `contractMachineHash` is a version of. */
const vmVersion = 1
const machinePackage = '@jitl/quickjs-wasmfile-release-sync'

let opened: ContractMachine | undefined

/** @throws {ExecutorError} `CONTRACT_MACHINE_DIFFERS` if the network's contracts run in another machine than this build has. */
export function expectContractMachine({ parameters: { contracts } }: Pick<Genesis, 'parameters'>): void {
  const isSame = equalBytes(contracts.machine, fromHex(contractMachineHash)) && contracts.vmVersion === vmVersion
  if (isSame) return
  const wanted = `the network's is ${toHex(contracts.machine)}, version ${contracts.vmVersion}`
  throw new ExecutorError('CONTRACT_MACHINE_DIFFERS', `${wanted}; this node has ${contractMachineHash}, ${vmVersion}`)
}

/**
 * Reads, meters and compiles the machine that contracts run in; once in a process, since it takes some tenths of a second.
 * @throws {ExecutorError} `CONTRACT_MACHINE_DIFFERS` if the installed package is not what it should be.
 */
export function openContractMachine(): ContractMachine {
  opened ??= compileMachine(() => readFileSync(createRequire(import.meta.url).resolve(`${machinePackage}/wasm`)))
  return opened
}

/** @param read - Gives the package's module. @throws {ExecutorError} */
export function compileMachine(read: () => Uint8Array): ContractMachine {
  try {
    return openMachine(new Uint8Array(read()))
  } catch (error) {
    throw new ExecutorError('CONTRACT_MACHINE_DIFFERS', `${machinePackage}: ${(error as Error).message}`)
  }
}
