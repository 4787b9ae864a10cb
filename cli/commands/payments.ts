import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { paymentsImportCommand } from './payments-import.ts'
import { paymentsRevealCommand } from './payments-reveal.ts'
import { paymentsStatusCommand } from './payments-status.ts'

export function paymentsCommands(parent: Command, runtime: Runtime): void {
  paymentsImportCommand(parent, runtime)
  paymentsStatusCommand(parent, runtime)
  paymentsRevealCommand(parent, runtime)
}
