/** What one call may use. */
export interface CallLimits {
  /** Units: entries into functions of the machine, turns of its loops, and each 32 bytes that it copies at once. */
  readonly fuel: bigint
  /** Calls within calls, in bytes of frames, as the machine's compiler would lay them out. */
  readonly depthBytes: number
  /** Memory of the machine, 64 KiB each, the image included. */
  readonly memoryPages: number
  readonly hostCalls: number
  /** Of each text that leaves the machine: the call's own, and each question to the host. */
  readonly outputBytes: number
}

export const callLimitsDefault: CallLimits = {
  fuel: 20_000_000n,
  depthBytes: 600_000,
  memoryPages: 256,
  hostCalls: 1_000,
  outputBytes: 65_536,
}

export type LimitName = keyof CallLimits

/** How a call ended; equal calls end equally, with equal fuel, on every machine. Whatever it was, nothing of it is left. */
export type CallOutcome =
  | { readonly kind: 'returned'; readonly output: string; readonly fuelUsed: bigint }
  /** The contract threw, and did not catch. */
  | { readonly kind: 'threw'; readonly message: string; readonly stack: string; readonly fuelUsed: bigint }
  /** It wanted more than a limit allows; it could not catch that. */
  | { readonly kind: 'exceeded'; readonly limit: LimitName | (string & {}); readonly fuelUsed: bigint }

/** The machine itself failed, not the contract: a fault of this build, or of the computer. */
export class MachineFault extends Error {
  override readonly name = 'MachineFault'
}
