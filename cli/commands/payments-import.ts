import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { importAndTell } from '../payments/import-and-tell.ts'
import { addImportFlags, type ImportFlags, importOptionsOf } from '../payments/import-options.ts'

/** A large import leaves far more garbage than it holds; a heap of four times what lives, V8's limit, would be most of a gigabyte. */
const heapGrowth = '--heap-growing-percent=50'

export function paymentsImportCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'import <file>',
    summary: 'check and pay a pain.001 file; the same file again pays nothing twice',
    example: 'payments import salaries.xml --business-date 2026-11-23',
    online: true,
  }
  const command = defineCommand<ImportFlags>(parent, runtime, shape, async (context, flags, file = '') => {
    setFlagsFromString(heapGrowth)
    const connection = await connect(context, 'patient')
    await importAndTell(context, connection, importOptionsOf(context, connection, file, flags))
  })
  addImportFlags(command)
}
