import { type CallLimits, ContractImage, callLimitsDefault } from '@tallystick/core/contract-vm'
import type { ContractMachine } from './contract-machine.ts'

const limits: CallLimits = { ...callLimitsDefault, fuel: 2_000_000n }
/** Touches what contracts mostly use. */
const script = `
class Row { #value = 1n; get value() { return this.#value } }
globalThis.contract = (text) => {
  const { list } = JSON.parse(text)
  const made = new Function('a', 'return a + 1')
  const { value } = new Row()
  return JSON.stringify({ list: list.map((n) => made(n)).sort(), text: /^[a-z]+$/.test('abc'), value: String(value * 3n), at: [...'é'] })
}`

/** The engine compiles a machine's code when it first runs: better before the first contract than with it. */
export function runOnce(machine: ContractMachine): void {
  const made = ContractImage.create(machine, script, limits)
  if ('image' in made) made.image.call('{"list":[3,1,2]}', () => '=', limits)
}
