/** Where a command reads and writes. Tests hand in their own. */
export interface Terminal {
  write(text: string): void
  writeError(text: string): void
  /** Whether a person watches: progress bars and colours only then. */
  readonly isInteractive: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Asks for a line; `undefined` where nobody can answer. A hidden answer is not echoed. */
  ask(question: string, options: { readonly hidden: boolean }): Promise<string | undefined>
}
