import { type TSchema, Type } from '@sinclair/typebox'
import { fromHex } from '@tallystick/core/codec'
import { closed, hex32, nullable } from '../form/primitives.ts'
import type { Page } from '../port.ts'

/** The query of every list. @param pageMax - The largest `limit`. */
export const pageQuery = (pageMax: number) => ({
  cursor: Type.Optional(hex32),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageMax })),
})

export const pageSchema = <T extends TSchema>(item: T) => closed({ items: Type.Array(item), next: nullable(hex32) })

export function pageOf<Id extends Uint8Array>(
  query: { readonly cursor?: string; readonly limit?: number },
  pageMax: number,
): Page<Id> {
  const limit = query.limit ?? Math.min(100, pageMax)
  return query.cursor === undefined ? { limit } : { limit, after: fromHex(query.cursor) as Uint8Array as Id }
}
