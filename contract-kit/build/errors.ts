/** Why a contract can't be built. Codes never change their meaning. */
export const buildProblems = {
  BUILD_ENTRY_NOT_FOUND: ['The file of the contract can not be read.', 'Give the path of the file that exports it.'],
  BUILD_SYNTAX: ['A file is not valid TypeScript or JavaScript.', 'Correct the named line.'],
  BUILD_IMPORT_NOT_FOUND: [
    'A file or package that is imported is not there.',
    'Correct the path, or install the package.',
  ],
  BUILD_IMPORT_FORBIDDEN: [
    'A contract imports its own files, the kit and packages from the registry; nothing of Node, nothing from outside its project.',
    'Copy what is needed into the project, or use a package that needs nothing of Node.',
  ],
  BUILD_NO_CONTRACT: [
    'The file has no export `contract`, or it is none of `defineContract`.',
    'Write `export const contract = defineContract({ … })`.',
  ],
  BUILD_TOO_LARGE: ['Script, source or source map is larger than a ledger takes.', 'Import less.'],
  BUILD_SOURCE_INVALID: ['The text is not the source of a contract.', 'Give the source that a build gave.'],
  BUILD_TOOLS_OTHER: [
    'The source was built with another version of the kit, of esbuild or of a package.',
    'Install the versions that it names.',
  ],
  BUILD_MANIFEST_INVALID: [
    'A ledger would refuse what the contract says of itself; the message says where.',
    'Correct the name or the schema.',
  ],
  BUILD_EVALUATION_FAILED: [
    'The script throws when it is loaded, or takes more than a call may.',
    'Correct the named line; there is no clock, randomness, disk or network: the time of a call is `ctx.now`.',
  ],
} as const satisfies Record<string, readonly [summary: string, action: string]>

export type BuildCode = keyof typeof buildProblems

/** One thing that is wrong, and where; lines and columns count from 1. */
export interface BuildProblem {
  readonly code: BuildCode
  readonly message: string
  /** From the project's folder. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
}

/** Everything that is wrong; `code` is that of the first. */
export class BuildError extends Error {
  override readonly name = 'BuildError'
  readonly code: BuildCode
  readonly problems: readonly BuildProblem[]

  constructor(problems: readonly [BuildProblem, ...BuildProblem[]]) {
    super(problems.map(lineOf).join('\n'))
    this.code = problems[0].code
    this.problems = problems
  }
}

function lineOf({ code, message, file, line, column }: BuildProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  return place === '' ? `${code}: ${message}` : `${place}: ${message} (${code})`
}
