import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { type DemoFlags, runDemo } from '../demo/run-demo.ts'
import { addImportFlags } from '../payments/import-options.ts'

export function demoCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'demo',
    summary: 'the main job, as `npm start` runs it: four validators settle a payment file, every receipt is verified',
    example: 'demo --file salaries.xml --open-accounts --exit',
  }
  const command = defineCommand<DemoFlags>(parent, runtime, shape, runDemo)
    .option('--file <file>', 'pain.001 file to pay, instead of the example')
    .option('--exit', 'stop the network after the job')
  addImportFlags(command)
}
