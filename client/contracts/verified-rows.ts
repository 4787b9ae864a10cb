import { decode } from '@tallystick/core/codec'
import {
  type ContractId,
  type ContractRow,
  contractRecord,
  contractRow,
  rowKeyHashOf,
  type StateKey,
  storageIdOf,
} from '@tallystick/core/protocol'
import type { ReadOptions, Verified } from '../client.ts'
import { ClientError } from '../errors.ts'
import type { Session } from '../network/session.ts'
import { checked } from '../verified/certified.ts'
import { verifiedState } from '../verified/state.ts'

/** A contract may be upgraded between two questions, hardly ever twice. */
const generationsMax = 3

/**
 * A row of a contract, or its absence. The contract's record is proven at the same height, since it says which generation of
 * rows counts.
 */
export async function verifiedContractRow(
  session: Session,
  contract: ContractId,
  key: string,
  options: ReadOptions = {},
): Promise<Verified<ContractRow | undefined>> {
  let generation = 0
  for (let tries = 0; tries < generationsMax; tries++) {
    const row: StateKey = { kind: 'contract-row', storage: storageIdOf(contract, generation), key: rowKeyHashOf(key) }
    const lookups = [{ key: { kind: 'contract', contract } as const }, { key: row }]
    const { entries, at, proof } = await verifiedState(session, lookups, options)
    const [record, found] = entries.map(({ encoded }) => encoded)
    if (record === undefined) return { value: undefined, at, proof }
    const counts = checked(() => decode(contractRecord, record)).generation
    if (counts === generation) {
      const value = found && checked(() => decode(contractRow, found))
      if (value !== undefined && value.key !== key)
        throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: 'entries[1]' })
      return { value, at, proof }
    }
    generation = counts
  }
  throw new ClientError('CLIENT_NOT_PROVEN_YET', { detail: 'The contract is being upgraded.' })
}
