import type { CryptoRuntime } from './runtime.ts'

/** The runtime that the package's `imports` field chooses: Node's native libraries, or noble in a browser. */
export declare const runtime: CryptoRuntime
