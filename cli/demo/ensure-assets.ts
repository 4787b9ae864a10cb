import { makeAction, openAccount, referenceKey } from '@tallystick/client'
import type { Group, ResultCode } from '@tallystick/core/protocol'
import { currencyDecimals } from '@tallystick/iso20022'
import type { Key } from '@tallystick/node/keys'
import type { Context } from '../context.ts'
import { assetsOfCodes, type KnownAsset } from '../ledger/assets.ts'
import type { Connection } from '../ledger/connect.ts'
import { type KnownMember, signerOf } from '../ledger/members.ts'
import { orUnproven } from '../ledger/unproven.ts'
import { settleSetup } from './settle-setup.ts'

/** The currencies of a demo network, with their names. */
export const demoCurrencies: Readonly<Record<string, string>> = {
  EUR: 'Euro',
  USD: 'US dollar',
  CHF: 'Swiss franc',
  GBP: 'Pound sterling',
  JPY: 'Japanese yen',
}

const isThere: ReadonlySet<ResultCode> = new Set<ResultCode>(['OK', 'ACCOUNT_EXISTS', 'ASSET_EXISTS'])

export interface Issuer {
  readonly member: KnownMember
  readonly key: Key
}

/** Issuance accounts and assets of the currencies that the issuer does not have yet, in one transaction. */
export async function ensureAssets(
  context: Context,
  connection: Connection,
  issuer: Issuer,
): Promise<Map<string, KnownAsset>> {
  const codes = Object.keys(demoCurrencies)
  const known = await orUnproven(assetsOfCodes(connection.client, codes, context.signal), new Map<string, KnownAsset>())
  const missing = codes.filter((code) => !known.has(code))
  if (missing.length === 0) return known
  await settleSetup(
    context,
    connection,
    {
      groups: missing.flatMap((code) => assetGroups(issuer, code)),
      authorizers: [{ kind: 'member', member: issuer.member.id }],
      payer: issuer.member.id,
      signers: [signerOf(issuer.key)],
    },
    isThere,
  )
  return assetsOfCodes(connection.client, codes, context.signal)
}

/** The account, then the asset: where the account is there already, the asset is still made. */
function assetGroups({ member, key }: Issuer, code: string): Group[] {
  const { account, action } = openAccount({
    member: member.id,
    accountKind: 'issuance',
    owner: { scheme: 'ed25519', publicKey: key.publicKey },
    salt: referenceKey(key.derivationSecret ?? key.seed, 'issuance-account', code),
  })
  const create = makeAction('create-asset', {
    issuer: member.id,
    code,
    name: demoCurrencies[code] ?? code,
    assetKind: 'fungible',
    decimals: currencyDecimals(code) ?? 2,
    issuanceAccount: account,
  })
  return [
    { netted: false, actions: [action] },
    { netted: false, actions: [create] },
  ]
}
