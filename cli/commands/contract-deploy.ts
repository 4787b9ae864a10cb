import { resolve } from 'node:path'
import { deployContract, oneGroup } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { addressOf, contractAccountIdOf } from '@tallystick/core/protocol'
import type { Command } from 'commander'
import { checkPrepaidCovers, checkPrepaidFits } from '../contracts/check-prepaid.ts'
import { requireContractDone } from '../contracts/outcome.ts'
import { publicationOf } from '../contracts/publication.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { memberKey, memberNamed, signerOf } from '../ledger/members.ts'
import { homePublisher } from '../ledger/parties.ts'
import { settle } from '../ledger/settle.ts'
import { integerOption } from '../option-values.ts'

interface Options {
  readonly as?: string
  readonly by?: string
  readonly prepaid: string
  readonly key?: string
}

/** Some fifty bookings at once of a million units of fuel each. */
const prepaidDefault = '500000'

export function contractDeployCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'deploy <file>',
    summary: 'build a contract and put it on the ledger; a member with the role publisher signs',
    example: 'contract deploy my-contract/contract.ts',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, given = '') => {
    const connection = await connect(context)
    const { genesis } = connection.client
    const member = options.by === undefined ? homePublisher(connection) : memberNamed(connection, options.by)
    const key = await memberKey(context, member, options.key)
    const prepaidSteps = integerOption('--prepaid', options.prepaid, 0, Number.MAX_SAFE_INTEGER)
    const { file, code } = await publicationOf(resolve(context.terminal.cwd, given), genesis.parameters)
    const startMs = performance.now()
    const name = options.as ?? file.manifest.name
    const { contract, action } = deployContract({ member: member.id, name, code, prepaidSteps })
    const prepaid = { option: '--prepaid', steps: prepaidSteps }
    checkPrepaidCovers(file.manifest, prepaid)
    checkPrepaidFits(connection, member.id, action, prepaid)
    const settled = await settle(context, connection, {
      groups: oneGroup([action]),
      authorizers: [{ kind: 'member', member: member.id }],
      payer: member.id,
      signers: [signerOf(key)],
      withoutActions: true,
      keysNamed: options.key !== undefined,
    })
    requireContractDone(settled, contract)
    const tookMs = Math.round(performance.now() - startMs)
    const address = addressOf(contractAccountIdOf(contract, 0), genesis.network)
    const { height } = settled.verified.receipt.position
    const { tookMs: buildMs, code: hash } = file
    const result = { contract, name, member: member.identifier, account: address, code: hash, prepaidSteps }
    context.output.result({ ...result, height, receipt: settled.receiptPath, buildMs, tookMs }, [
      `deployed ${name} by ${member.slug ?? member.identifier} in block ${height}, verified`,
      `contract ${toHex(contract)}`,
      `account  ${address}`,
      `code     ${toHex(hash)}`,
      `receipt  ${settled.receiptPath}`,
      `built in ${buildMs} ms, on the ledger and proven in ${tookMs} ms`,
    ])
  })
    .option('--as <name>', "name on the ledger, instead of the contract's own")
    .option('--by <member>', "short name or identifier of the publisher; the home's first one otherwise")
    .option(
      '--prepaid <steps>',
      "steps for the contract's triggers, bought now with the publisher's quota of a block",
      prepaidDefault,
    )
    .option('--key <file>', "the publisher's key file")
}
