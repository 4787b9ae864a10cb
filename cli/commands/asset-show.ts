import type { Command } from 'commander'
import { defineCommand, type Runtime } from '../define-command.ts'
import { assetOfCode, type KnownAsset } from '../ledger/assets.ts'
import { connect } from '../ledger/connect.ts'
import { issuerIdentifier } from '../ledger/issuer.ts'
import { formatAmount } from '../output/amount.ts'
import { table } from '../output/table.ts'

const listedMax = 500

export function assetShowCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'show [code]',
    summary: 'show an asset with what is in circulation (proven), or list all (one node tells)',
    example: 'asset show EUR',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context, _options, code = '') => {
    const { client } = await connect(context)
    const { signal } = context
    if (code === '') {
      const { items } = await client.listAssets({ signal, limit: listedMax })
      const assets = items.map(({ record }) => ({ ...record, issuer: issuerIdentifier(client, record.issuer) }))
      context.output.result({ assets, verified: false }, [
        ...table(
          assets.map(({ code: listed, name, decimals, issuer, status }) => [
            listed,
            name,
            `${decimals} decimals`,
            issuer,
            status,
          ]),
        ),
      ])
      return
    }
    const asset: KnownAsset = await assetOfCode(client, code, signal)
    const { issuer, name, issuanceAccount, status, supplyMax, decimals } = asset.record
    const { value: position, at } = await client.verifiedPosition(issuanceAccount, asset.id, { signal })
    const circulating = position === undefined ? 0n : position.debitsPosted - position.creditsPosted
    const shown = {
      code,
      id: asset.id,
      name,
      decimals,
      issuer: issuerIdentifier(client, issuer),
      status,
      supplyMax,
      circulating,
    }
    context.output.result({ ...shown, provenAtHeight: at.height, verified: true }, [
      ...table([
        ['asset', `${code} (${name})`],
        ['issuer', shown.issuer],
        ['status', status],
        ['in circulation', `${formatAmount(circulating, decimals)} ${code}`],
        ['proven at', `block ${at.height}`],
      ]),
    ])
  })
}
