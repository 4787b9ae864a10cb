/** What the exit status of every command means; docs/cli.md lists them. */
export const exitCodes = {
  ok: 0,
  /** The operation was tried and failed, or a payment has neither a verified receipt nor a stated rejection. */
  failed: 1,
  /** Wrong arguments, or a file that can't be used: configuration, key, payment file. */
  usage: 2,
  /** The network does not run or does not answer. */
  unavailable: 3,
  /** A proof does not hold. */
  unverified: 4,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
