import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { receiptGetCommand } from './receipt-get.ts'
import { receiptVerifyCommand } from './receipt-verify.ts'

export function receiptCommands(parent: Command, runtime: Runtime): void {
  receiptGetCommand(parent, runtime)
  receiptVerifyCommand(parent, runtime)
}
