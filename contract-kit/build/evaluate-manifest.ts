import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type CallLimits,
  type CallOutcome,
  ContractImage,
  callLimitsDefault,
  openMachine,
} from '@tallystick/core/contract-vm'
import { isContractName, ManifestError, readManifest } from '@tallystick/core/protocol'
import type { Manifest } from '../contract/manifest.ts'
import type { BuiltContract } from './build-contract.ts'
import { type BuildCode, BuildError, type BuildProblem } from './errors.ts'
import { mapStack, stackFrames } from './map-stack.ts'

/** A contract that was evaluated in the machine of the ledger. */
export interface EvaluatedContract {
  readonly image: ContractImage
  readonly manifest: Manifest
  /** Units of fuel that evaluating the script took. */
  readonly fuelUsed: bigint
}

let machine: WebAssembly.Module | undefined

/** The machine that contracts run in, opened once. */
export function contractMachine(): WebAssembly.Module {
  const file = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')
  machine ??= openMachine(new Uint8Array(readFileSync(file)))
  return machine
}

const readOnlyHost = (): string => '!CONTRACT_READ_ONLY nothing is asked while a contract tells its manifest'

/**
 * Evaluates a script in the ledger's own machine, and asks it for its manifest.
 * @throws {BuildError} BUILD_EVALUATION_FAILED with the line; BUILD_NO_CONTRACT if it gives none; BUILD_MANIFEST_INVALID if a
 * ledger would refuse it.
 */
export function evaluateManifest(
  { script, sourceMap }: Pick<BuiltContract, 'script' | 'sourceMap'>,
  limits: CallLimits = callLimitsDefault,
): EvaluatedContract {
  const created = ContractImage.create(contractMachine(), script, limits)
  if (!('image' in created)) throw new BuildError([failure('BUILD_EVALUATION_FAILED', created, sourceMap)])
  const { image, fuelUsed } = created
  const outcome = image.call('{"kind":"manifest"}', readOnlyHost, limits)
  if (outcome.kind !== 'returned') throw new BuildError([failure('BUILD_NO_CONTRACT', outcome, sourceMap)])
  return { image, fuelUsed, manifest: manifestIn(outcome.output) }
}

function manifestIn(text: string): Manifest {
  try {
    readManifest(text)
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    throw new BuildError([{ code: 'BUILD_MANIFEST_INVALID', message: error.message }])
  }
  const manifest = JSON.parse(text) as Manifest
  const { tables, events } = manifest
  const names = [tables, events, ...Object.values(tables).map(({ indexes }) => indexes)].flatMap(Object.keys)
  for (const name of names) {
    // Keys of rows rely on this: see "Rows of the kit" in spec/contracts.md.
    if (!isContractName(name)) {
      throw new BuildError([
        { code: 'BUILD_MANIFEST_INVALID', message: `"${name}" is no name for a table, index or event` },
      ])
    }
  }
  return manifest
}

function failure(
  code: BuildCode,
  outcome: Exclude<CallOutcome, { kind: 'returned' }>,
  sourceMap: string,
): BuildProblem {
  if (outcome.kind === 'exceeded') return { code, message: `its limit of ${outcome.limit} is exceeded` }
  const place = stackFrames(outcome.stack, sourceMap).find((frame) => frame.place !== undefined)?.place
  return { code, message: `${outcome.message}\n${mapStack(outcome.stack, sourceMap)}`, ...place }
}
