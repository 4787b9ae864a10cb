import type { Terminal } from '../output/terminal.ts'

/** A terminal that keeps what is written, and answers questions from a list. */
export interface FakeTerminal extends Terminal {
  output(): string
  errors(): string
}

export function fakeTerminal(
  options: { cwd?: string; env?: Record<string, string>; answers?: string[]; isInteractive?: boolean } = {},
): FakeTerminal {
  const written: string[] = []
  const failed: string[] = []
  const answers = [...(options.answers ?? [])]
  return {
    write: (text) => void written.push(text),
    writeError: (text) => void failed.push(text),
    isInteractive: options.isInteractive ?? false,
    env: options.env ?? {},
    cwd: options.cwd ?? '/nowhere',
    ask: async () => answers.shift(),
    output: () => written.join(''),
    errors: () => failed.join(''),
  }
}
