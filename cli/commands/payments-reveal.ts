import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { encodeProofFile, verifyProofDocument, withDisclosure } from '@tallystick/client'
import { decodeJsonText } from '@tallystick/core/codec'
import { genesis } from '@tallystick/core/protocol'
import { writeOwnerOnlyFile } from '@tallystick/node/keys'
import type { Command } from 'commander'
import { homePaths } from '../context.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { findPayment } from '../payments/find-payment.ts'
import { receiptLines, shownReceipt } from '../proofs/describe-receipt.ts'
import { verifyFile } from '../proofs/verify-file.ts'

interface Options {
  readonly message?: string
  readonly fields?: string
  readonly out?: string
}

/** Works offline: the receipt and the openings of its commitment are in the home. */
export function paymentsRevealCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'reveal <payment>',
    summary: 'write the proof of one payment with its names and remittance text, without the others',
    example: 'payments reveal SALA-20261121-01000001 --fields creditor.name,remittance.unstructured.1 --out proof.json',
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, text = '') => {
    const { home, output, terminal } = context
    const { payment, record } = await findPayment(home, text, options.message)
    const { outcome, fields } = payment
    const receipt = outcome !== undefined && 'receipt' in outcome ? outcome.receipt : undefined
    if (receipt === undefined) {
      throw new CliError('PAYMENT_NOT_FOUND', `payment #${payment.ordinal} of ${record.messageId} has no receipt`)
    }
    const source = join(homePaths.receipts(home), receipt.file)
    const { document } = await verifyFile(context, source)
    if (document.kind !== 'receipt') throw new CliError('PROOF_REFUSED', `${source} holds no receipt`)
    const names = fields.map(({ name }) => name)
    const show = options.fields === undefined ? names : options.fields.split(',').map((name) => name.trim())
    const unknown = show.find((name) => !names.includes(name))
    if (unknown !== undefined) {
      throw new CliError('VALUE_INVALID', `the payment has no field "${unknown}"; it has ${names.join(', ')}`)
    }
    const revealed = encodeProofFile({ kind: 'receipt', ...withDisclosure(document, receipt.action, fields, show) })
    const genesisText = await readFile(context.genesis ?? homePaths.genesis(home), 'utf8')
    const verdict = verifyProofDocument(genesisText, revealed)
    if (!verdict.ok)
      throw new CliError('PROOF_REFUSED', `the revealed proof does not hold: ${verdict.code} at ${verdict.link}`)
    if (options.out === undefined) {
      terminal.write(revealed)
      return
    }
    const path = resolve(terminal.cwd, options.out)
    await writeOwnerOnlyFile(path, revealed, { replace: true })
    const shown = shownReceipt(verdict.document as typeof document, decodeJsonText(genesis, genesisText))
    output.result({ file: path, fields: show, ...shown }, [
      `written to ${options.out}: verified, and verifies alone`,
      ...receiptLines(shown),
    ])
  })
    .option('--message <message-id>', 'of which imported file')
    .option('--fields <names>', 'only these fields, separated by commas; all otherwise')
    .option('--out <file>', 'write the proof there, instead of printing it')
    .option('--genesis <file>', 'genesis file to trust, instead of that of the home')
}
