import { decode } from '@tallystick/core/codec'
import {
  type Action,
  action,
  actionsOf,
  addressOf,
  type StoredTransaction,
  type TransactionId,
} from '@tallystick/core/protocol'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { connect } from '../ledger/connect.ts'
import { hexOption } from '../option-values.ts'
import { table } from '../output/table.ts'

const shownMax = 50

/** The actions that a stored transaction still has; an erased one is `undefined`. */
function actionsIn(stored: StoredTransaction): readonly (Action | undefined)[] {
  if (stored.kind === 'whole') return actionsOf(stored.transaction.body)
  return stored.components
    .slice(1)
    .map((component) => (component.kind === 'present' ? decode(action, component.encoded) : undefined))
}

export function txShowCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'show <id>',
    summary: 'show a transaction: status (one node tells), actions, and its verified receipt',
    example: 'tx show 4f1c…e2',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context, _options, id = '') => {
    const { client } = await connect(context)
    const { signal } = context
    const transaction = hexOption('<id>', id, 32) as TransactionId
    const [status] = await client.statusesOf([transaction], { signal })
    if (status === undefined || status.status === 'unknown') {
      throw new CliError('VALUE_INVALID', `no node knows the transaction ${id}`)
    }
    const stored = await client.transaction(transaction, { signal })
    const actions = stored === undefined ? [] : actionsIn(stored)
    const receipt =
      status.status === 'proven' ? (await client.verifiedReceipt(transaction, { signal })).receipt : undefined
    const { network } = client.genesis
    context.output.result({ id, ...status, actions, receipt }, [
      `${id}: ${status.status}${'height' in status ? ` in block ${status.height}` : ''}`,
      ...(receipt === undefined ? [] : [`result ${receipt.result}, verified`]),
      ...table(
        actions
          .slice(0, shownMax)
          .map((value, i) => [
            `  ${i}`,
            value?.kind ?? 'erased',
            value !== undefined && 'amount' in value ? value.amount.toString() : '',
            value !== undefined && 'debit' in value ? addressOf(value.debit, network) : '',
            value !== undefined && 'credit' in value ? addressOf(value.credit, network) : '',
          ]),
      ),
      ...(actions.length > shownMax ? [`  and ${actions.length - shownMax} more; --json has all`] : []),
    ])
  })
}
