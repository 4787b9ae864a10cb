import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { assetCreateCommand } from './asset-create.ts'
import { assetIssueCommand } from './asset-issue.ts'
import { assetShowCommand } from './asset-show.ts'

export function assetCommands(parent: Command, runtime: Runtime): void {
  assetCreateCommand(parent, runtime)
  assetIssueCommand(parent, runtime)
  assetShowCommand(parent, runtime)
}
