import { resolve } from 'node:path'
import { encodeProofFile } from '@tallystick/client'
import type { TransactionId } from '@tallystick/core/protocol'
import { writeOwnerOnlyFile } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { hexOption } from '../option-values.ts'

export function receiptGetCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'get <id>',
    summary: 'fetch the receipt of a transaction with its proof, and verify it',
    example: 'receipt get 4f1c…e2 --out receipt.json',
    online: true,
  }
  interface Options {
    readonly out?: string
    readonly components?: boolean
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, id = '') => {
    const { client } = await connect(context)
    const transaction = hexOption('<id>', id, 32) as TransactionId
    const { receipt, items, proof } = await client.verifiedReceipt(transaction, {
      signal: context.signal,
      components: options.components === true ? 'all' : [],
    })
    const text = encodeProofFile({ kind: 'receipt', ...proof })
    const path = options.out === undefined ? undefined : resolve(context.terminal.cwd, options.out)
    if (path !== undefined) await writeOwnerOnlyFile(path, text, { replace: true })
    const shown = { id, result: receipt.result, height: receipt.position.height, timeMs: receipt.timeMs, file: path }
    if (path === undefined && !context.output.json) {
      context.terminal.write(text)
      return
    }
    context.output.result({ ...shown, items: [...items.values()] }, [
      `${id}: ${receipt.result} in block ${receipt.position.height}, verified`,
      `written to ${options.out}`,
    ])
  })
    .option('--out <file>', 'write the proof there, instead of printing it')
    .option('--components', 'with the actions of the transaction')
}
