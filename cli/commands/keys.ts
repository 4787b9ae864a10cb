import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { keysExportCommand } from './keys-export.ts'
import { keysImportCommand } from './keys-import.ts'
import { keysListCommand } from './keys-list.ts'
import { keysNewCommand } from './keys-new.ts'

export function keysCommands(parent: Command, runtime: Runtime): void {
  keysNewCommand(parent, runtime)
  keysListCommand(parent, runtime)
  keysImportCommand(parent, runtime)
  keysExportCommand(parent, runtime)
}
