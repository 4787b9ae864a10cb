import type { UnverifiedReferenceUse } from '@tallystick/client'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'
import type { PaymentToSend } from './plan.ts'

/** Lookups of one request. */
const lookupsMax = 512
/** With so many honest answers at least one of two nodes of four is not lying. */
const answersWanted = 2

/**
 * The uses of the payments' references under every business date of the window, by all nodes that answer. A use that is
 * named is checked by its receipt; that there is none is the nodes' word, so several are asked. Under the same date the
 * ledger itself refuses a second payment.
 * @throws {CliError} NETWORK_NOT_RUNNING if too few nodes answer.
 */
export async function findEarlierUses(
  { eachNode }: Pick<Connection, 'eachNode'>,
  payments: readonly PaymentToSend[],
  signal: AbortSignal,
): Promise<UnverifiedReferenceUse[][]> {
  const uses: UnverifiedReferenceUse[][] = payments.map(() => [])
  const wanted = Math.min(answersWanted, eachNode.length)
  for (let from = 0; from < payments.length; from += lookupsMax) {
    const lookups = payments.slice(from, from + lookupsMax).map(({ action: { reference } }) => ({
      member: reference!.member,
      key: reference!.key,
    }))
    const answers = await Promise.allSettled(eachNode.map((node) => node.findReferences(lookups, { signal })))
    signal.throwIfAborted()
    const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    if (heard.length < wanted) {
      throw new CliError(
        'NETWORK_NOT_RUNNING',
        `${heard.length} of ${eachNode.length} nodes answer, ${wanted} are wanted`,
      )
    }
    for (const answer of heard) for (const [i, found] of answer.entries()) addNew(uses[from + i]!, found)
  }
  return uses
}

function addNew(uses: UnverifiedReferenceUse[], found: readonly UnverifiedReferenceUse[]): void {
  for (const use of found) {
    if (!uses.some(({ businessDay }) => businessDay === use.businessDay)) uses.push(use)
  }
}
