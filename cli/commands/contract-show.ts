import { toHex } from '@tallystick/core/codec'
import { addressOf } from '@tallystick/core/protocol'
import type { Command } from 'commander'
import { keeperOf } from '../contracts/act-as-keeper.ts'
import { publishedManifest } from '../contracts/published-manifest.ts'
import { manifestRows } from '../contracts/schema-text.ts'
import { defineCommand, type Runtime } from '../define-command.ts'
import { connect } from '../ledger/connect.ts'
import { contractNamed } from '../ledger/contracts.ts'
import { table } from '../output/table.ts'

const bookingsShown = 100

export function contractShowCommand(parent: Command, runtime: Runtime): void {
  const shape = {
    name: 'show <contract>',
    summary: 'show a contract with what it takes and tells (proven), and what it has booked (one node tells)',
    example: 'contract show my-contract',
    online: true,
  }
  defineCommand(parent, runtime, shape, async (context, _options, named = '') => {
    const { signal } = context
    const connection = await connect(context)
    const { client } = connection
    const contract = await contractNamed(connection, named, signal)
    const { id, record } = contract
    const manifest = await publishedManifest(context, connection, contract)
    const booked = await client.contractBookings(id, { signal, limit: bookingsShown })
    const { name, status, code, generation, prepaidSteps, vmVersion } = record
    const { identifier, slug } = keeperOf(connection, contract)
    const account = addressOf(record.account, client.genesis.network)
    const bookings = booked.map(({ number, booking }) => ({ number, ...booking }))
    const fields = {
      contract: id,
      name,
      member: identifier,
      status,
      account,
      code,
      vmVersion,
      generation,
      prepaidSteps,
    }
    context.output.result({ ...fields, manifest, bookings }, [
      `${name}: ${status}${manifest.description === undefined ? '' : `. ${manifest.description}`}`,
      `contract ${toHex(id)}`,
      `member   ${slug ?? identifier}`,
      `account  ${account}`,
      `code     ${toHex(code)}, generation ${generation}`,
      `prepaid  ${prepaidSteps.toLocaleString('en')} steps`,
      ...table(manifestRows(manifest)).map((line) => `  ${line}`),
      ...(bookings.length === 0 ? ['nothing is booked'] : ['booked (one node tells):']),
      ...table(
        bookings.map(({ dueMs, name: action, input, everyMs, attempts }) => [
          `  ${new Date(dueMs).toISOString()}`,
          action,
          input,
          everyMs === undefined ? '' : `every ${everyMs / 1_000} s`,
          attempts === 0 ? '' : `${attempts} tries failed`,
        ]),
      ),
    ])
  })
}
