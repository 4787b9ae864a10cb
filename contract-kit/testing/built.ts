import { fileURLToPath } from 'node:url'
import { type BuiltContract, buildContract, type EvaluatedContract, evaluateManifest } from '../build/index.ts'

export type BuiltForTest = BuiltContract & EvaluatedContract

/** A contract of this folder, built and evaluated in the real machine. */
export async function builtContract(file: string): Promise<BuiltForTest> {
  const built = await buildContract(fileURLToPath(new URL(file, import.meta.url)))
  return { ...built, ...evaluateManifest(built) }
}
