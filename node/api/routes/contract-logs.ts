import { Type } from '@sinclair/typebox'
import { equalBytes } from '@tallystick/core/codec'
import { ledgerOf, permission } from '@tallystick/core/protocol'
import { noteJson } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { contractNote } from '../form/contracts.ts'
import { closed, count, hex32 } from '../form/primitives.ts'
import type { Routes } from '../route.ts'
import { satisfies, signersOf } from '../signed-request.ts'
import { contractIdOf } from './contracts.ts'

export const contractLogRoutes: Routes = (api, { port, options }) => {
  const ledger = ledgerOf(port.genesis)
  const { pageMax } = options.limits
  api.get(
    '/v1/contracts/:contract/logs',
    {
      schema: {
        operationId: 'contractLogs',
        summary: 'What a contract logged on this node, and where it failed; for the member that keeps it.',
        description:
          'Without `after` the newest ones, oldest first. Signed: `Authorization: Tallystick member=…,time=…,signatures=…` ' +
          '(docs/api.md), by keys that may register for the member.',
        tags: ['contracts'],
        params: closed({ contract: hex32 }),
        querystring: closed({
          after: Type.Optional(count),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax })),
        }),
        headers: Type.Object({ authorization: Type.Optional(Type.String()) }),
        response: { 200: closed({ items: Type.Array(contractNote) }) },
      },
    },
    async (request) => {
      const { authorization } = request.headers
      const target = { ledger, method: request.method, target: request.raw.url ?? '' }
      const { member, keys } = signersOf(authorization, target, Date.now())
      const contract = contractIdOf(request.params.contract)
      const described = await port.contract(contract)
      if (described === undefined) throw new ApiError('API_CONTRACT_UNKNOWN')
      const record = equalBytes(described.record.member, member) ? await port.member(member) : undefined
      if (record === undefined || !satisfies(record.policy, keys, permission.register)) {
        throw new ApiError('API_NOT_AUTHOR')
      }
      const { after, limit = Math.min(100, pageMax) } = request.query
      return { items: (await port.contractNotes(contract, after, limit)).map(noteJson) }
    },
  )
}
