import type { Command } from 'commander'
import type { Runtime } from '../define-command.ts'
import { nodeReplayCommand } from './node-replay.ts'
import { nodeStartCommand } from './node-start.ts'
import { nodeStatusCommand } from './node-status.ts'

export function nodeCommands(parent: Command, runtime: Runtime): void {
  nodeStartCommand(parent, runtime)
  nodeStatusCommand(parent, runtime)
  nodeReplayCommand(parent, runtime)
}
