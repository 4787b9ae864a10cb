import { fundContract, oneGroup } from '@tallystick/client'
import type { Command } from 'commander'
import { checkPrepaidFits } from '../contracts/check-prepaid.ts'
import { requireContractDone } from '../contracts/outcome.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed, contractRecordOf } from '../ledger/contracts.ts'
import { memberKey, memberNamed, signerOf } from '../ledger/members.ts'
import { homePublisher } from '../ledger/parties.ts'
import { settle } from '../ledger/settle.ts'
import { integerOption } from '../option-values.ts'

interface Options {
  readonly by?: string
  readonly key?: string
}

export function contractFundCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'fund <contract> <steps>',
    summary: "buy steps for a contract's triggers; any member may",
    example: 'contract fund my-contract 500000',
    online: true,
  }
  defineCommand<Options>(parent, runtime, shape, async (context, options, named = '', given = '') => {
    const connection = await connect(context)
    const steps = integerOption('<steps>', given, 1, Number.MAX_SAFE_INTEGER)
    const contract = await contractNamed(connection, named, context.signal)
    const member = options.by === undefined ? homePublisher(connection) : memberNamed(connection, options.by)
    const action = fundContract(contract.id, steps)
    checkPrepaidFits(connection, member.id, action, { option: '<steps>', steps })
    const settled = await settle(context, connection, {
      groups: oneGroup([action]),
      authorizers: [{ kind: 'member', member: member.id }],
      payer: member.id,
      signers: [signerOf(await memberKey(context, member, options.key))],
      keysNamed: options.key !== undefined,
    })
    requireContractDone(settled, contract.id)
    const minHeight = settled.verified.receipt.position.height
    const { prepaidSteps } = await contractRecordOf(connection.client, contract.id, {
      minHeight,
      signal: context.signal,
    })
    context.output.result({ contract: contract.id, steps, prepaidSteps, receipt: settled.receiptPath }, [
      `${contract.record.name} has ${prepaidSteps.toLocaleString('en')} prepaid steps, proven`,
      `receipt  ${settled.receiptPath}`,
    ])
  })
    .option('--by <member>', "whose quota pays; the home's first publisher otherwise")
    .option('--key <file>', "that member's key file")
}
