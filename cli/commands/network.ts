import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { networkCreateCommand } from './network-create.ts'
import { networkResetCommand } from './network-reset.ts'
import { networkStartCommand } from './network-start.ts'
import { networkStatusCommand } from './network-status.ts'
import { networkStopCommand } from './network-stop.ts'

export function networkCommands(parent: Command, runtime: Runtime): void {
  networkCreateCommand(parent, runtime)
  networkStartCommand(parent, runtime)
  networkStatusCommand(parent, runtime)
  networkStopCommand(parent, runtime)
  networkResetCommand(parent, runtime)
}
