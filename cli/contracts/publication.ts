import type { Parameters } from '@tallystick/core/protocol'
import { type BuiltFile, buildFile } from './build-file.ts'

/** A contract that was built for a ledger, in the fields of the action that publishes it. */
export interface Publication {
  readonly file: BuiltFile
  readonly code: {
    readonly vmVersion: number
    readonly script: string
    readonly sourceMap: string
    readonly source: string
    readonly fuel: number
  }
}

/** The machine's fuel is the same everywhere; the manifest is asked for besides. */
const marginFuel = 1_000_000

/** @param path - Absolute. @throws {CodedFailure} */
export async function publicationOf(path: string, { contracts }: Parameters): Promise<Publication> {
  const file = await buildFile(path, contracts.vmVersion)
  const fuel = Math.min(file.fuel + marginFuel, contracts.fuelMax)
  return { file, code: { vmVersion: contracts.vmVersion, ...file.built, fuel } }
}
