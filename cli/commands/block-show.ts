import { resolve } from 'node:path'
import { encodeProofFile } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { BlockProof } from '@tallystick/core/protocol'
import { writeOwnerOnlyFile } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { integerOption } from '../option-values.ts'
import { table } from '../output/table.ts'

export function blockShowCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'show <height>',
    summary: 'show the header of a block, proven under the certified history',
    example: 'block show 12 --out block-12.json',
    online: true,
  }
  defineCommand<{ readonly out?: string }>(parent, runtime, shape, async (context, options, height = '') => {
    const { client } = await connect(context)
    const wanted = integerOption('<height>', height, 0, Number.MAX_SAFE_INTEGER)
    const { proof, at } = await client.verifiedBlock(wanted, { signal: context.signal })
    const { header, hash, history } = proof as BlockProof
    const path = options.out === undefined ? undefined : resolve(context.terminal.cwd, options.out)
    if (path !== undefined)
      await writeOwnerOnlyFile(path, encodeProofFile({ kind: 'block', ...(proof as BlockProof) }), { replace: true })
    const time = new Date(header.timeMs).toISOString()
    context.output.result(
      { hash, header, history: history.record, certifiedByHeight: at.certifiedByHeight, file: path },
      [
        ...table([
          ['block', String(header.height)],
          ['hash', toHex(hash)],
          ['parent', toHex(header.parent)],
          ['time', time],
          ['payload', `${header.payloadCount} items, root ${toHex(header.payloadRoot)}`],
          ['receipts', toHex(history.record.receiptsRoot)],
          ['state', toHex(history.record.stateRoot)],
          ['certified by', `block ${at.certifiedByHeight}`],
        ]),
      ],
    )
  }).option('--out <file>', 'write the proof there')
}
