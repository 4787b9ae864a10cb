import { defineContract } from '@tallystick/contract-kit'
import type { LocalLedger } from '@tallystick/contract-kit/testing'

const warmCodes = 32

/** Deploys so many other contracts that a call of any earlier one pays for loading its code again. */
export function coolDown(ledger: LocalLedger): void {
  for (let i = 0; i < warmCodes; i++) {
    const filler = defineContract({ name: `filler-${i}`, actions: {} })
    const manifest = JSON.stringify(JSON.stringify(filler.manifest))
    ledger.deployBuilt(filler, { script: `globalThis.contract = () => ${manifest}`, sourceMap: '{}', source: '{}' })
  }
}
