import { relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { newProject } from '../contracts/new-project.ts'
import { defineCommand, type Runtime } from '../define-command.ts'

export function contractNewCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'new <folder>',
    summary: 'write a project with a contract and its tests; nothing has to be installed',
    example: 'contract new my-contract',
  }
  defineCommand(parent, runtime, shape, async ({ output, terminal }, _options, given = '') => {
    const { folder, name, files } = await newProject(resolve(terminal.cwd, given))
    const shown = relative(terminal.cwd, folder) || '.'
    output.result({ folder, name, files }, [
      `wrote ${files.length} files to ${shown}`,
      'Next:',
      `  npx tallystick contract test ${shown}`,
      `  npx tallystick contract deploy ${shown}/contract.ts`,
    ])
  })
}
