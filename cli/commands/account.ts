import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { accountListCommand } from './account-list.ts'
import { accountOpenCommand } from './account-open.ts'
import { accountShowCommand } from './account-show.ts'

export function accountCommands(parent: Command, runtime: Runtime): void {
  accountOpenCommand(parent, runtime)
  accountShowCommand(parent, runtime)
  accountListCommand(parent, runtime)
}
