import { Type } from '@sinclair/typebox'
import { fromHex } from '@tallystick/core/codec'
import type { AssetId, MemberId } from '@tallystick/core/protocol'
import { assetJson, memberJson, pageJson, referenceJson } from '../answers.ts'
import { ApiError } from '../errors.ts'
import { closed, hex32 } from '../form/primitives.ts'
import { asset, member, referenceUse } from '../form/records.ts'
import type { ReferenceLookup } from '../port.ts'
import type { Routes } from '../route.ts'
import { assetOf } from './accounts.ts'
import { pageOf, pageQuery, pageSchema } from './page.ts'

export const assetRoutes: Routes = (api, { port, options }) => {
  const { pageMax } = options.limits
  const tags = ['assets']
  api.get(
    '/v1/assets',
    {
      schema: {
        operationId: 'assets',
        summary: 'Lists assets, by id; without proof.',
        tags,
        querystring: closed(pageQuery(pageMax)),
        response: { 200: pageSchema(asset) },
      },
    },
    async (request) => {
      const page = pageOf<AssetId>(request.query, pageMax)
      return pageJson(await port.listAssets(page), page.limit, ({ id }) => id, assetJson)
    },
  )
  api.get(
    '/v1/assets/:id',
    {
      schema: {
        operationId: 'asset',
        summary: 'An asset; without proof.',
        tags,
        params: closed({ id: hex32 }),
        response: { 200: asset },
      },
    },
    async (request) => {
      const id = assetOf(request.params.id)
      const record = await port.asset(id)
      if (record === undefined) throw new ApiError('API_ASSET_UNKNOWN')
      return assetJson({ id, record })
    },
  )
}

export const memberRoutes: Routes = (api, { port, options }) => {
  const { pageMax } = options.limits
  const tags = ['members']
  api.get(
    '/v1/members',
    {
      schema: {
        operationId: 'members',
        summary: 'Lists members, by id; without proof.',
        tags,
        querystring: closed(pageQuery(pageMax)),
        response: { 200: pageSchema(member) },
      },
    },
    async (request) => {
      const page = pageOf<MemberId>(request.query, pageMax)
      return pageJson(await port.listMembers(page), page.limit, ({ id }) => id, memberJson)
    },
  )
  api.get(
    '/v1/members/:id',
    {
      schema: {
        operationId: 'member',
        summary: 'A member; without proof.',
        tags,
        params: closed({ id: hex32 }),
        response: { 200: member },
      },
    },
    async (request) => {
      const id = memberOf(request.params.id)
      const record = await port.member(id)
      if (record === undefined) throw new ApiError('API_MEMBER_UNKNOWN')
      return memberJson({ id, record })
    },
  )
}

export const referenceRoutes: Routes = (api, { port, options }) => {
  const lookup = closed({ member: hex32, key: hex32 })
  const tags = ['references']
  const uses = Type.Array(referenceUse)
  api.get(
    '/v1/references/:member/:key',
    {
      schema: {
        operationId: 'reference',
        summary: 'The uses of a reference under every business day of the window; without proof.',
        tags,
        params: lookup,
        response: { 200: closed({ uses }) },
      },
    },
    async (request) => {
      const [found = []] = await port.references([lookupOf(request.params)])
      return { uses: found.map(referenceJson) }
    },
  )
  api.post(
    '/v1/references/search',
    {
      schema: {
        operationId: 'references',
        summary: 'The uses of many references; without proof.',
        tags,
        body: closed({ lookups: Type.Array(lookup, { minItems: 1, maxItems: options.limits.referencesMax }) }),
        response: { 200: closed({ found: Type.Array(closed({ uses })) }) },
      },
    },
    async (request) => {
      const found = await port.references(request.body.lookups.map(lookupOf))
      return { found: found.map((each) => ({ uses: each.map(referenceJson) })) }
    },
  )
}

function memberOf(text: string): MemberId {
  return fromHex(text) as Uint8Array as MemberId
}

function lookupOf({ member: of, key }: { member: string; key: string }): ReferenceLookup {
  return { member: memberOf(of), key: fromHex(key) }
}
