import { resolve } from 'node:path'
import { upgradeContract } from '@tallystick/client'
import { equalBytes, toHex } from '@tallystick/core/codec'
import type { Command } from 'commander'
import { actAsKeeper } from '../contracts/act-as-keeper.ts'
import { migrationEnded } from '../contracts/migration-ended.ts'
import { publicationOf } from '../contracts/publication.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'

export function contractUpgradeCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'upgrade <contract> <file>',
    summary: 'give a contract another version, and wait until its migration has ended; its member signs',
    example: 'contract upgrade my-contract my-contract/contract.ts',
    online: true,
  }
  defineCommand<{ readonly key?: string }>(parent, runtime, shape, async (context, options, named = '', given = '') => {
    const { output, signal, terminal } = context
    const connection = await connect(context)
    const { client } = connection
    const contract = await contractNamed(connection, named, signal)
    const { file, code } = await publicationOf(resolve(terminal.cwd, given), client.genesis.parameters)
    if (equalBytes(file.code, contract.record.code)) {
      output.result({ contract: contract.id, code: file.code, changed: false }, ['nothing to do: it has this code'])
      return
    }
    const startMs = performance.now()
    const action = upgradeContract(contract.id, code)
    const settled = await actAsKeeper(context, connection, contract, action, options.key)
    const { height } = settled.verified.receipt.position
    if (file.manifest.migrates) output.line(`accepted in block ${height}; its rows are being moved`)
    const record = await migrationEnded(client, contract.id, { minHeight: height, signal })
    if (!equalBytes(record.code, file.code)) {
      throw new CliError('CONTRACT_MIGRATION_GIVEN_UP', `${record.name} goes on with code ${toHex(record.code)}`)
    }
    const { generation } = record
    const tookMs = Math.round(performance.now() - startMs)
    const how = file.manifest.migrates ? `with migration to generation ${generation}` : 'without a migration'
    const result = {
      contract: contract.id,
      code: file.code,
      changed: true,
      generation,
      migrated: file.manifest.migrates,
    }
    output.result({ ...result, height, receipt: settled.receiptPath, buildMs: file.tookMs, tookMs }, [
      `upgraded ${record.name} ${how}, verified, in ${tookMs} ms`,
      `code     ${toHex(file.code)}`,
      `receipt  ${settled.receiptPath}`,
    ])
  }).option('--key <file>', "key file of the contract's member")
}
