import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'
import type { ListedProblem } from './check-file.ts'
import { type ImportOptions, importFile } from './import-file.ts'
import { summaryLines, summaryOf } from './summary.ts'

const problemsShownMax = 50

function problemLine({ line, payment, code, message }: ListedProblem): string {
  return `  line ${line}${payment === undefined ? '' : ` (${payment})`}: ${code}: ${message}`
}

/** What is wrong with the file as a whole must not stand behind thousands of its payments. */
function ofFileFirst(problems: readonly ListedProblem[]): ListedProblem[] {
  const rank = ({ payment }: ListedProblem): number => (payment === undefined ? 0 : payment.startsWith('#') ? 2 : 1)
  return [...problems].sort((a, b) => rank(a) - rank(b))
}

/**
 * Imports a file and prints what became of it, or all of its problems.
 * @throws {CliError} PAYMENTS_FILE_REFUSED, or PAYMENTS_UNFINISHED after the summary if a payment has neither a verified
 * receipt nor a stated rejection.
 */
export async function importAndTell(context: Context, connection: Connection, options: ImportOptions): Promise<void> {
  const { output, terminal, home } = context
  const result = await importFile(context, connection, options).catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'PAYMENTS_FILE_REFUSED') {
      const problems = ofFileFirst(error.fields.problems as readonly ListedProblem[])
      for (const problem of problems.slice(0, problemsShownMax)) output.line(problemLine(problem))
      if (problems.length > problemsShownMax)
        output.line(`  and ${problems.length - problemsShownMax} more; --json lists them`)
    }
    throw error
  })
  const { warnings } = result
  for (const warning of warnings.slice(0, problemsShownMax)) output.line(`warning${problemLine(warning)}`)
  const summary = summaryOf(home, result)
  output.result({ ...summary, warnings }, summaryLines(terminal.cwd, summary))
  if (summary.open > 0) {
    throw new CliError(
      'PAYMENTS_UNFINISHED',
      `${summary.open} payments have neither a verified receipt nor a rejection`,
    )
  }
}
