import { oneGroup } from '@tallystick/client'
import type { Command } from 'commander'
import { readAddressBook, writeAddressBook } from '../address-book/address-book.ts'
import { planAccount } from '../address-book/plan-account.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { memberKey, memberNamed, signerOf } from '../ledger/members.ts'
import { requireSigners } from '../ledger/require-signers.ts'
import { requireDone, settle } from '../ledger/settle.ts'
import { choiceOption } from '../option-values.ts'

interface Options {
  readonly member: string
  readonly kind: string
  readonly name?: string
  readonly bic?: string
  readonly memberKey?: string
}

const kinds = ['customer', 'own', 'escrow'] as const

/** Key and address book are written first, so an interrupted run is finished by the next. */
export function accountOpenCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'open <account>',
    summary: 'open an account under a member, with a new key, and note it in the address book',
    example: 'account open DE02120300000000202051 --member alpine-bank --name "Erika Mustermann"',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, account = '') => {
    const connection = await connect(context)
    const member = memberNamed(connection, options.member)
    const key = await memberKey(context, member, options.memberKey)
    const signers = [signerOf(key)]
    const authorizers = [{ kind: 'member', member: member.id }] as const
    // Before anything is written.
    if (options.memberKey !== undefined) await requireSigners(connection, authorizers, signers, context.signal)
    const book = await readAddressBook(context.home, connection.client.genesis.network)
    const { entry, action } = await planAccount(context, connection.client.genesis.network, {
      account: /^(IBAN|OTHR):/.test(account)
        ? account
        : `${/^[A-Z]{2}\d{2}/.test(account) ? 'IBAN' : 'OTHR'}:${account}`,
      member,
      memberKey: key,
      kind: choiceOption('--kind', options.kind, kinds),
      name: options.name,
      bic: options.bic,
    })
    book.add(entry, { replace: false })
    await writeAddressBook(context.home, book)
    const settled = await settle(context, connection, {
      groups: oneGroup([action]),
      authorizers,
      payer: member.id,
      signers,
    })
    requireDone(settled)
    context.output.result({ ...entry, receipt: settled.receiptPath }, [
      `opened ${entry.account} as ${entry.address}`,
      `receipt ${settled.receiptPath}`,
    ])
  })
    .requiredOption('--member <member>', 'short name or identifier of the bank')
    .option('--kind <kind>', kinds.join(', '), 'customer')
    .option('--name <name>', 'owner; stays in the address book')
    .option('--bic <bic>', 'BIC of the bank, for accounts without IBAN')
    .option('--member-key <file>', "the bank's key file")
}
