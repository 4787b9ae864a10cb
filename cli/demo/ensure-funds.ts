import { eachAlone, issue, referenceKey } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { AccountId, ResultCode } from '@tallystick/core/protocol'
import type { Context } from '../context.ts'
import type { KnownAsset } from '../ledger/assets.ts'
import type { Connection } from '../ledger/connect.ts'
import { signerOf } from '../ledger/members.ts'
import type { Issuer } from './ensure-assets.ts'
import { settleSetup } from './settle-setup.ts'

/** An account that should have had this amount issued to it, once. */
export interface FundingWish {
  readonly account: AccountId
  readonly asset: KnownAsset
  readonly amountMinor: bigint
  /** What the money is for: the same purpose is funded once, whatever is repeated. */
  readonly purpose: string
}

const isFunded: ReadonlySet<ResultCode> = new Set<ResultCode>(['OK', 'ALREADY_DONE'])
const issuesPerTransaction = 256

/** @param businessDay - The same at every repetition: the reference is under it. */
export async function ensureFunds(
  context: Context,
  connection: Connection,
  issuer: Issuer,
  wishes: readonly FundingWish[],
  businessDay: number,
): Promise<void> {
  const { member, key } = issuer
  const secret = key.derivationSecret ?? key.seed
  for (let from = 0; from < wishes.length; from += issuesPerTransaction) {
    const actions = wishes.slice(from, from + issuesPerTransaction).map(({ account, asset, amountMinor, purpose }) =>
      issue({
        asset: asset.id,
        credit: account,
        amount: amountMinor,
        reference: {
          member: member.id,
          businessDay,
          key: referenceKey(secret, 'funding', purpose, toHex(account), asset.code),
        },
      }),
    )
    const request = {
      groups: eachAlone(actions),
      authorizers: [{ kind: 'member', member: member.id } as const],
      payer: member.id,
      signers: [signerOf(key)],
    }
    await settleSetup(context, connection, request, isFunded)
  }
}
