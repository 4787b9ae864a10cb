import { type AssetId, addressOf, type PositionRecord } from '@tallystick/core/protocol'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { accountNamed, accountRecordOf } from '../ledger/accounts.ts'
import { type Connection, connect } from '../ledger/connect.ts'
import { issuerIdentifier } from '../ledger/issuer.ts'
import { formatAmount } from '../output/amount.ts'
import { table } from '../output/table.ts'

const positionsMax = 500

interface ShownPosition {
  readonly code: string
  readonly decimals: number
  readonly balance: bigint
  readonly available: bigint
  readonly frozen: bigint
  readonly entries: bigint
}

function shownPosition(code: string, decimals: number, position: PositionRecord): ShownPosition {
  const { debitsPosted, debitsPending, creditsPosted, creditsPending, normalSide, frozen, entries } = position
  const isCredit = normalSide === 'credit'
  const balance = isCredit ? creditsPosted - debitsPosted : debitsPosted - creditsPosted
  const available = balance - (isCredit ? debitsPending : creditsPending) - frozen
  return { code, decimals, balance, available, frozen, entries }
}

/** Which assets there are is one node's word; each position that is shown is proven. */
async function positionsOf(
  context: Context,
  { client }: Connection,
  account: Parameters<typeof client.verifiedAccount>[0],
): Promise<ShownPosition[]> {
  const { signal } = context
  const { items } = await client.listPositions(account, { signal, limit: positionsMax })
  const shown = await Promise.all(
    items.map(async ({ id }: { readonly id: AssetId }) => {
      const [asset, position] = await Promise.all([
        client.verifiedAsset(id, { signal }),
        client.verifiedPosition(account, id, { signal }),
      ])
      if (asset.value === undefined || position.value === undefined) return []
      return [shownPosition(asset.value.code, asset.value.decimals, position.value)]
    }),
  )
  return shown.flat()
}

export function accountShowCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'show <account>',
    summary: 'show an account with its balances, each proven',
    example: 'account show DE02120300000000202051',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context, _options, text = '') => {
    const connection = await connect(context)
    const { client } = connection
    const { id, entry } = await accountNamed(context, connection, text)
    const { member, accountKind, status } = await accountRecordOf(context, connection, id)
    const positions = await positionsOf(context, connection, id)
    const address = addressOf(id, client.genesis.network)
    const bank = issuerIdentifier(client, member)
    context.output.result(
      { address, account: entry?.account, name: entry?.name, member: bank, kind: accountKind, status, positions },
      [
        ...table([
          ['address', address],
          ...(entry === undefined
            ? []
            : [['account', `${entry.account}${entry.name === undefined ? '' : ` (${entry.name})`}`]]),
          ['bank', bank],
          ['status', `${status} ${accountKind} account`],
        ]),
        ...table(
          positions.map(({ code, decimals, balance, available }) => [
            `  ${code}`,
            formatAmount(balance, decimals),
            available === balance ? '' : `available ${formatAmount(available, decimals)}`,
          ]),
          [1],
        ),
      ],
    )
  })
}
