import { toHex } from '@tallystick/core/codec'
import type { Context } from '../context.ts'
import { accountNamed } from '../ledger/accounts.ts'
import { assetOfCode } from '../ledger/assets.ts'
import type { Connection } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'
import { memberNamed } from '../ledger/members.ts'
import type { Names } from './convert-input.ts'

/** Names as the home and the ledger know them. Each is looked up once. */
export function ledgerNames(context: Context, connection: Connection): Names {
  const { signal } = context
  return {
    account: once(async (text) => toHex((await accountNamed(context, connection, text)).id)),
    member: once(async (text) => toHex(memberNamed(connection, text).id)),
    contract: once(async (text) => toHex((await contractNamed(connection, text, signal)).id)),
    asset: once(async (text) => {
      const { id, decimals } = await assetOfCode(connection.client, text, signal)
      return { id: toHex(id), decimals }
    }),
  }
}

function once<T>(lookUp: (text: string) => Promise<T>): (text: string) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (text) => {
    const found = known.get(text) ?? lookUp(text)
    known.set(text, found)
    return found
  }
}
