import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { CliError } from '../errors.ts'

export function nodeReplayCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'replay',
    summary: 'execute all blocks of a stopped node again, and compare every root',
    example: 'node replay --home .tallystick/nodes/node-1',
  }
  defineCommand(parent, runtime, shape, async ({ home, output }) => {
    const { replayNode } = await import('@tallystick/node')
    const progress = output.progress('blocks', 0)
    const report = await replayNode(home, (height, of) => progress.set(height, of)).finally(() => progress.stop())
    const { height, receipts, stateRoot, confirmedHeight, storeAgrees } = report
    if (storeAgrees === false) {
      const why = `the blocks of ${home} lead to the state root ${stateRoot} at height ${height}, its store has another`
      throw new CliError('REPLAY_DIFFERS', why, { height, stateRoot })
    }
    output.result({ home, ...report }, [
      `replayed ${height} blocks with ${receipts} receipts`,
      `state root ${stateRoot}`,
      `confirmed by stored headers up to height ${confirmedHeight}${storeAgrees === undefined ? '' : ', and by the store'}`,
    ])
  })
}
