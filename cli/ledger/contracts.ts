import type { Client, ReadOptions } from '@tallystick/client'
import { decode, toHex } from '@tallystick/core/codec'
import {
  type CodeHash,
  type ContractCode,
  type ContractId,
  type ContractRecord,
  contractCode,
  contractIdOf,
  contractRecord,
  type StateKey,
} from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'
import type { Connection } from './connect.ts'
import { type KnownMember, membersOf } from './members.ts'

/** A contract as the ledger has it, proven. */
export interface KnownContract {
  readonly id: ContractId
  readonly record: ContractRecord
}

const idForm = /^[0-9a-f]{64}$/

/**
 * The contract of an id, of a name, or of a name at one member: `harbour-bank/escrow`.
 * @throws {CliError} CONTRACT_UNKNOWN, also if contracts of several members have the name.
 */
export async function contractNamed(
  connection: Connection,
  text: string,
  signal?: AbortSignal,
): Promise<KnownContract> {
  const candidates = idForm.test(text) ? [fromHexId(text)] : contractsOfName(connection, text)
  const found = await contractRecords(connection.client, candidates, { signal })
  if (found.length === 1) return found[0]!
  if (found.length === 0) throw new CliError('CONTRACT_UNKNOWN', `there is no contract "${text}" (proven)`)
  const ids = found.map(({ id }) => toHex(id))
  throw new CliError('CONTRACT_UNKNOWN', `contracts of ${ids.length} members are called "${text}": ${ids.join(', ')}`, {
    contracts: ids,
  })
}

function fromHexId(text: string): ContractId {
  return new Uint8Array(Buffer.from(text, 'hex')) as ContractId
}

function contractsOfName(connection: Connection, text: string): ContractId[] {
  const slash = text.indexOf('/')
  const name = text.slice(slash + 1)
  const isKept = ({ slug, identifier }: KnownMember): boolean => [slug, identifier].includes(text.slice(0, slash))
  const members = membersOf(connection).filter((member) => slash < 0 || isKept(member))
  // A name that no contract can have leads to no id.
  return Buffer.byteLength(name) > 64 ? [] : members.map(({ id }) => contractIdOf(id, name))
}

async function contractRecords(
  client: Client,
  ids: readonly ContractId[],
  options: ReadOptions,
): Promise<KnownContract[]> {
  if (ids.length === 0) return []
  const lookups = ids.map((contract) => ({ key: { kind: 'contract', contract } satisfies StateKey }))
  const { entries } = await client.verifiedState(lookups, options)
  return entries.flatMap(({ encoded }, i) =>
    encoded === undefined ? [] : [{ id: ids[i]!, record: decode(contractRecord, encoded) }],
  )
}

/** The record of a contract that is known to be there. @throws {CliError} CONTRACT_UNKNOWN */
export async function contractRecordOf(client: Client, id: ContractId, options: ReadOptions): Promise<ContractRecord> {
  const [found] = await contractRecords(client, [id], options)
  if (found === undefined) throw new CliError('CONTRACT_UNKNOWN', `there is no contract ${toHex(id)} (proven)`)
  return found.record
}

/** What was published under a hash, proven. */
export async function publishedCode(client: Client, code: CodeHash, signal?: AbortSignal): Promise<ContractCode> {
  const { entries } = await client.verifiedState([{ key: { kind: 'contract-code', code } }], { signal })
  const encoded = entries[0]?.encoded
  if (encoded === undefined) throw new CliError('CONTRACT_UNKNOWN', `there is no code ${toHex(code)} (proven)`)
  return decode(contractCode, encoded)
}
