import type { Manifest } from '@tallystick/contract-kit'
import { type CodeHash, codeHashOf, defaultParameters } from '@tallystick/core/protocol'
import { type BuiltContract, withKit } from './kit.ts'

/** A contract that was built here, evaluated in the machine of the ledger. */
export interface BuiltFile {
  readonly built: BuiltContract
  readonly manifest: Manifest
  readonly code: CodeHash
  /** Units that evaluating the script takes. */
  readonly fuel: number
  readonly tookMs: number
}

const { vmVersion: vmVersionDefault } = defaultParameters.contracts

/** @param path - Absolute. @throws {CodedFailure} for what is wrong with the contract. */
export function buildFile(path: string, vmVersion = vmVersionDefault): Promise<BuiltFile> {
  const startMs = performance.now()
  return withKit(async ({ buildContract, evaluateManifest }) => {
    const built = await buildContract(path)
    const { manifest, fuelUsed } = evaluateManifest(built)
    const code = codeHashOf({ vmVersion, ...built })
    return { built, manifest, code, fuel: Number(fuelUsed), tookMs: Math.round(performance.now() - startMs) }
  })
}
