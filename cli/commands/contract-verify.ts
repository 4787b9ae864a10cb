import { resolve } from 'node:path'
import { equalBytes, toHex } from '@tallystick/core/codec'
import type { Command } from 'commander'
import { rebuilt } from '../contracts/rebuilt.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed, publishedCode } from '../ledger/contracts.ts'

export function contractVerifyCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'verify <contract> [folder]',
    summary: 'build the published source again and compare, also with a project of yours',
    example: 'contract verify my-contract my-contract',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context, _options, named = '', given = '') => {
    const { signal, terminal, output } = context
    const connection = await connect(context)
    const contract = await contractNamed(connection, named, signal)
    const { code } = contract.record
    const stored = await publishedCode(connection.client, code, signal)
    const folder = given === '' ? undefined : resolve(terminal.cwd, given)
    const { code: again, source, differing } = await rebuilt(stored, folder ?? terminal.cwd, folder)
    const { files, entry, kit, esbuild, packages = {} } = source
    const fields = { contract: contract.id, name: contract.record.name, published: code, rebuilt: again }
    if (!equalBytes(again, code)) {
      const what = `the published source makes code ${toHex(again)}, not ${toHex(code)}`
      throw new CliError('CONTRACT_SOURCE_DIFFERS', what, fields)
    }
    if (differing.length > 0) {
      const shown = differing.map(({ file, where }) => `  ${file}: ${where}`)
      const what = `the project in ${folder} is not what was published:\n${shown.join('\n')}`
      throw new CliError('CONTRACT_SOURCE_DIFFERS', what, { ...fields, differing })
    }
    const tools = { kit, esbuild, packages }
    output.result({ ...fields, verified: true, entry, files: Object.keys(files), tools, folder }, [
      `${contract.record.name} runs what was published: the source, built again, is code ${toHex(code)}`,
      ...Object.keys(files).map((file) => `  ${file}${file === entry ? '  (entry)' : ''}`),
      `built with kit ${kit}, esbuild ${esbuild}${Object.entries(packages).map(([name, version]) => `, ${name} ${version}`)}`,
      ...(folder === undefined ? [] : [`${given} has the same files`]),
    ])
  })
}
