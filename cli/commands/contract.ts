import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { contractBuildCommand } from './contract-build.ts'
import { contractNewCommand } from './contract-new.ts'
import { contractTestCommand } from './contract-test.ts'

export function contractCommands(parent: Command, runtime: Runtime): void {
  contractNewCommand(parent, runtime)
  contractTestCommand(parent, runtime)
  contractBuildCommand(parent, runtime)
}
