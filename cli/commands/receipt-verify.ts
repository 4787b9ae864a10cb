import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { receiptLines, shownReceipt } from '../proofs/describe-receipt.ts'
import { verifyFile } from '../proofs/verify-file.ts'

/** Needs no node and no network. */
export function receiptVerifyCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'verify <file>',
    summary: 'check a receipt file offline, against the genesis file alone',
    example: 'receipt verify .tallystick/receipts/4f1c….json --genesis .tallystick/genesis.json',
  }
  defineCommand(parent, runtime, shape, async (context, _options, file = '') => {
    const { document, genesis } = await verifyFile(context, file)
    if (document.kind !== 'receipt') {
      throw new CliError('PROOF_REFUSED', `${file} holds the proof of a ${document.kind}, not of a receipt`, {
        link: 'document',
      })
    }
    const shown = shownReceipt(document, genesis)
    context.output.result({ file, ...shown, verified: true }, [`${file}: verified`, ...receiptLines(shown)])
  }).option('--genesis <file>', 'genesis file to trust, instead of that of the home')
}
