export { type ExitCode, exitCodes } from './exit-codes.ts'
export type { Terminal } from './output/terminal.ts'
export { run } from './program.ts'
