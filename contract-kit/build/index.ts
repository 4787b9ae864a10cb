// The table of contents of what builds contracts; for Node alone.

export {
  type BuildOptions,
  type BuiltContract,
  buildContract,
  contractSizesMax,
  rebuildContract,
} from './build-contract.ts'
export type { BundleOptions } from './bundle.ts'
export { type BuildCode, BuildError, type BuildProblem, buildProblems } from './errors.ts'
export { contractMachine, type EvaluatedContract, evaluateManifest } from './evaluate-manifest.ts'
export { mapStack, type StackFrame, stackFrames } from './map-stack.ts'
export { type ContractSource, decodeSource, encodeSource } from './source-text.ts'
export { esbuildVersion, kitVersion } from './versions.ts'
