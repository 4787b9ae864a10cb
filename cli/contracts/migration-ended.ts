import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from '@tallystick/client'
import type { ContractId, ContractRecord } from '@tallystick/core/protocol'
import { interruption } from '../errors.ts'
import { contractRecordOf } from '../ledger/contracts.ts'

const pollMs = 200

/**
 * Waits until a contract is no longer migrating, however long that takes; its record then, proven.
 * @param options.minHeight - Of the block that began the migration.
 */
export async function migrationEnded(
  client: Client,
  contract: ContractId,
  options: { readonly minHeight: number; readonly signal: AbortSignal },
): Promise<ContractRecord> {
  for (;;) {
    const record = await contractRecordOf(client, contract, options)
    if (record.status !== 'migrating') return record
    await delay(pollMs, undefined, { signal: options.signal }).catch(() => {
      throw interruption()
    })
  }
}
