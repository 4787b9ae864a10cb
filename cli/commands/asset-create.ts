import { makeAction, oneGroup, openAccount, referenceKey } from '@tallystick/client'
import { assetIdOf } from '@tallystick/core/protocol'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { memberKey, memberNamed, signerOf } from '../ledger/members.ts'
import { requireDone, settle } from '../ledger/settle.ts'
import { integerOption } from '../option-values.ts'

interface Options {
  readonly issuer: string
  readonly name?: string
  readonly decimals: string
  readonly memberKey?: string
}

const decimalsMax = 18

/** The asset and its issuance account are made together, or neither. */
export function assetCreateCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'create <code>',
    summary: 'register an asset with its issuance account; the issuer signs',
    example: 'asset create SEK --issuer settlement-bank --decimals 2 --name "Swedish krona"',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, code = '') => {
    const connection = await connect(context)
    const issuer = memberNamed(connection, options.issuer)
    const key = await memberKey(context, issuer, options.memberKey)
    const signer = signerOf(key)
    const { account, action } = openAccount({
      member: issuer.id,
      accountKind: 'issuance',
      owner: { scheme: 'ed25519', publicKey: key.publicKey },
      salt: referenceKey(key.derivationSecret ?? key.seed, 'issuance-account', code),
    })
    const create = makeAction('create-asset', {
      issuer: issuer.id,
      code,
      name: options.name ?? code,
      assetKind: 'fungible',
      decimals: integerOption('--decimals', options.decimals, 0, decimalsMax),
      issuanceAccount: account,
    })
    const settled = await settle(context, connection, {
      groups: oneGroup([action, create]),
      authorizers: [{ kind: 'member', member: issuer.id }],
      payer: issuer.id,
      signers: [signer],
      keysNamed: options.memberKey !== undefined,
    })
    requireDone(settled)
    const asset = assetIdOf(issuer.id, code)
    context.output.result({ code, asset, issuanceAccount: account, receipt: settled.receiptPath }, [
      `created ${code} of ${issuer.name}`,
      `receipt ${settled.receiptPath}`,
    ])
  })
    .requiredOption('--issuer <member>', 'short name or identifier of the issuer')
    .option('--decimals <digits>', 'digits of the minor unit', '2')
    .option('--name <name>', 'name for people')
    .option('--member-key <file>', "the issuer's key file")
}
