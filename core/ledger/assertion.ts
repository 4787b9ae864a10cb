/**
 * A rule of the ledger's own is broken: our bug, or a damaged store. The node stops without committing the height; nothing
 * that a transaction contains may lead here.
 */
export class LedgerFault extends Error {
  override readonly name = 'LedgerFault'
}

export function assertHolds(condition: boolean, what: () => string): asserts condition {
  if (!condition) throw new LedgerFault(what())
}
