import { Type } from '@sinclair/typebox'
import { fromHex, toHex } from '@tallystick/core/codec'
import type { CodeHash, ContractId, MemberId } from '@tallystick/core/protocol'
import { bookingJson, codeJson, contractJson, describedContractJson, pageJson, rowsJson } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { booking, contract, contractCode, describedContract, rowKey, rowsPage } from '../form/contracts.ts'
import { closed, hex32 } from '../form/primitives.ts'
import { goneSignal } from '../gone-signal.ts'
import type { Routes } from '../route.ts'
import { pageOf, pageQuery, pageSchema } from './page.ts'

const tags = ['contracts']

export const contractRoutes: Routes = (api, { port, options, views }) => {
  const { pageMax } = options.limits
  const limitText = Type.Integer({ minimum: 1, maximum: pageMax })
  const params = closed({ contract: hex32 })

  api.get(
    '/v1/contracts',
    {
      schema: {
        operationId: 'contracts',
        summary: 'Lists contracts, by id; without proof.',
        tags,
        querystring: closed({ ...pageQuery(pageMax), member: Type.Optional(hex32) }),
        response: { 200: pageSchema(contract) },
      },
    },
    async (request) => {
      const page = pageOf<ContractId>(request.query, pageMax)
      const { member } = request.query
      const kept = member === undefined ? {} : { member: fromHex(member) as Uint8Array as MemberId }
      return pageJson(await port.listContracts({ ...page, ...kept }), page.limit, ({ id }) => id, contractJson)
    },
  )

  api.get(
    '/v1/contracts/:contract',
    {
      schema: {
        operationId: 'contract',
        summary: 'A contract: what keeps it, and the actions and views that its code has; without proof.',
        tags,
        params,
        response: { 200: describedContract },
      },
    },
    async (request) => {
      const id = contractIdOf(request.params.contract)
      const described = await port.contract(id)
      if (described === undefined) throw new ApiError('API_CONTRACT_UNKNOWN')
      return describedContractJson(id, described)
    },
  )

  const codeAnswer = async (hash: CodeHash) => {
    const code = await port.code(hash)
    if (code === undefined) throw new ApiError('API_CODE_UNKNOWN', toHex(hash))
    return codeJson(hash, code)
  }

  api.get(
    '/v1/contracts/:contract/code',
    {
      schema: {
        operationId: 'contractCode',
        summary: 'The code that a contract has now: script, source and source map.',
        tags,
        params,
        response: { 200: contractCode },
      },
    },
    async (request) => {
      const described = await port.contract(contractIdOf(request.params.contract))
      if (described === undefined) throw new ApiError('API_CONTRACT_UNKNOWN')
      return codeAnswer(described.record.code)
    },
  )

  api.get(
    '/v1/codes/:hash',
    {
      schema: {
        operationId: 'code',
        summary: 'A code by its hash, also one that no contract has any more.',
        tags,
        params: closed({ hash: hex32 }),
        response: { 200: contractCode },
      },
    },
    async (request) => codeAnswer(fromHex(request.params.hash) as Uint8Array as CodeHash),
  )

  api.get(
    '/v1/contracts/:contract/rows',
    {
      schema: {
        operationId: 'contractRows',
        summary: "Rows of a contract's tables in the order of their keys, from `from` on, before `to`; without proof.",
        description: 'A row is proven by /v1/state/proofs, under a key of the kind `contract-row`.',
        tags,
        params,
        querystring: closed({
          from: Type.Optional(rowKey),
          to: Type.Optional(rowKey),
          reverse: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])),
          limit: Type.Optional(limitText),
        }),
        response: { 200: rowsPage },
      },
    },
    async (request) => {
      const { from, to, reverse, limit = Math.min(100, pageMax) } = request.query
      const asked = { from, to, reverse: reverse === 'true', limit }
      const page = await port.contractRows(contractIdOf(request.params.contract), asked)
      if (page === undefined) throw new ApiError('API_CONTRACT_UNKNOWN')
      return rowsJson(page)
    },
  )

  api.get(
    '/v1/contracts/:contract/bookings',
    {
      schema: {
        operationId: 'contractBookings',
        summary: 'What time and events will call of a contract, in the order in which it is due; without proof.',
        tags,
        params,
        querystring: closed({ limit: Type.Optional(limitText) }),
        response: { 200: closed({ items: Type.Array(booking) }) },
      },
    },
    async (request, reply) => {
      const { limit = Math.min(100, pageMax) } = request.query
      // The ledger reads all bookings of the contract, to know which come first.
      const bookings = await views.run(request.ip, goneSignal(reply), () =>
        port.contractBookings(contractIdOf(request.params.contract), limit),
      )
      if (bookings === undefined) throw new ApiError('API_CONTRACT_UNKNOWN')
      return { items: bookings.map(bookingJson) }
    },
  )
}

export function contractIdOf(text: string): ContractId {
  return fromHex(text) as Uint8Array as ContractId
}
