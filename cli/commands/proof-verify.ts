import { toHex } from '@tallystick/core/codec'
import { addressOf } from '@tallystick/core/protocol'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { receiptLines, shownReceipt } from '../proofs/describe-receipt.ts'
import { describeState } from '../proofs/describe-state.ts'
import { verifyFile } from '../proofs/verify-file.ts'

/** Needs no node and no network. */
export function proofVerifyCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'verify <file>',
    summary: 'check any proof file offline (receipt, state or block), against the genesis file alone',
    example: 'proof verify balance.json --genesis .tallystick/genesis.json',
  }
  defineCommand(parent, runtime, shape, async (context, _options, file = '') => {
    const { document, genesis } = await verifyFile(context, file)
    const done = (value: object, lines: readonly string[]): void =>
      context.output.result({ file, kind: document.kind, ...value, verified: true }, [`${file}: verified`, ...lines])
    if (document.kind === 'receipt') {
      const shown = shownReceipt(document, genesis)
      return done(shown, receiptLines(shown))
    }
    if (document.kind === 'block') {
      const { height, timeMs, payloadCount } = document.header
      const time = new Date(timeMs).toISOString()
      return done({ height, time, hash: document.hash }, [
        `  block ${height} of ${time}, ${payloadCount} items, hash ${toHex(document.hash)}`,
      ])
    }
    const records = describeState(document, (account) => addressOf(account, genesis.network))
    const { height } = document.anchor.header.executed
    done({ height, records }, [`  state after block ${height}`, ...records.map(({ key, text }) => `  ${key}: ${text}`)])
  }).option('--genesis <file>', 'genesis file to trust, instead of that of the home')
}
