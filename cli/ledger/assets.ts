import type { Client } from '@tallystick/client'
import { type AssetId, type AssetRecord, assetIdOf, memberIdOf } from '@tallystick/core/protocol'
import { CliError } from '../errors.ts'

export interface KnownAsset {
  readonly id: AssetId
  readonly code: string
  readonly decimals: number
  readonly record: AssetRecord
}

/** Members that may issue, by the genesis. */
function issuersOf({ genesis }: Client): ReturnType<typeof memberIdOf>[] {
  return genesis.members.filter(({ roles }) => roles.includes('issuer')).map(({ identifier }) => memberIdOf(identifier))
}

/**
 * The assets of these codes, by whichever issuer of the genesis has them; each is proven. Codes without an asset are
 * left out.
 */
export async function assetsOfCodes(
  client: Client,
  codes: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, KnownAsset>> {
  const candidates = issuersOf(client).flatMap((issuer) => codes.map((code) => ({ code, id: assetIdOf(issuer, code) })))
  const found = new Map<string, KnownAsset>()
  const records = await Promise.all(candidates.map(({ id }) => client.verifiedAsset(id, { signal })))
  for (const [i, { code, id }] of candidates.entries()) {
    const record = records[i]!.value
    if (record !== undefined && !found.has(code)) found.set(code, { id, code, decimals: record.decimals, record })
  }
  return found
}

/** @throws {CliError} ASSET_UNKNOWN */
export async function assetOfCode(client: Client, code: string, signal?: AbortSignal): Promise<KnownAsset> {
  const found = (await assetsOfCodes(client, [code], signal)).get(code)
  if (found === undefined) throw new CliError('ASSET_UNKNOWN', `no issuer of the ledger has an asset ${code}`)
  return found
}
