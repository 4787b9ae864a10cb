import { type Codec, equalBytes, toHex } from '@tallystick/core/codec'
import {
  type AccountId,
  type AccountRecord,
  type AssetId,
  type AssetRecord,
  accountRecord,
  assetRecord,
  entry,
  type MemberId,
  type MemberRecord,
  memberRecord,
  type PositionRecord,
  positionRecord,
  referenceRecord,
  type StoredTransaction,
  storedTransaction,
  storedTransactionIdOf,
  type TransactionId,
} from '@tallystick/core/protocol'
import type {
  CallOptions,
  EntryOptions,
  ListOptions,
  ReferenceLookup,
  UnverifiedEntry,
  UnverifiedPage,
  UnverifiedReferenceUse,
} from '../client.ts'
import { ClientError } from '../errors.ts'
import { askJson, type Session } from '../network/session.ts'
import { exactly, Fields, whole } from '../wire/fields.ts'

/** Items of one page, and lookups of one search. */
export const pageMax = 500
const lookupsMax = 512
/** Uses of one reference: one for every date of the largest window. */
const usesMax = 4_096

export interface PageAsk {
  readonly path: string
  readonly idField: string
  readonly query?: Readonly<Record<string, string>>
}

export async function page<Id extends Uint8Array, R>(
  session: Session,
  { path, idField, query = {} }: PageAsk,
  codec: Codec<R>,
  { cursor, limit = 100, signal }: ListOptions = {},
): Promise<UnverifiedPage<Id, R>> {
  const search = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }), ...query })
  return askJson(session, { path: `${path}?${search}`, signal }, (json) => {
    const fields = new Fields(json, '')
    const items = fields.list('items', pageMax, (item, at) => {
      const each = new Fields(item, at)
      return { id: each.id<Id>(idField), record: each.decoded('record', codec) }
    })
    return { items, next: fields.optional('next', (all) => all.text('next')) }
  })
}

export function listAccounts(
  session: Session,
  options: ListOptions & { readonly member?: MemberId } = {},
): Promise<UnverifiedPage<AccountId, AccountRecord>> {
  const query = options.member === undefined ? {} : { member: toHex(options.member) }
  return page(session, { path: '/v1/accounts', idField: 'id', query }, accountRecord, options)
}

export function listAssets(session: Session, options?: ListOptions): Promise<UnverifiedPage<AssetId, AssetRecord>> {
  return page(session, { path: '/v1/assets', idField: 'id' }, assetRecord, options)
}

export function listMembers(session: Session, options?: ListOptions): Promise<UnverifiedPage<MemberId, MemberRecord>> {
  return page(session, { path: '/v1/members', idField: 'id' }, memberRecord, options)
}

export function listPositions(
  session: Session,
  account: AccountId,
  options?: ListOptions,
): Promise<UnverifiedPage<AssetId, PositionRecord>> {
  const path = `/v1/accounts/${toHex(account)}/positions`
  return page(session, { path, idField: 'asset' }, positionRecord, options)
}

export function listEntries(
  session: Session,
  account: AccountId,
  asset: AssetId,
  { fromSequence = 0, limit = 100, signal }: EntryOptions = {},
): Promise<UnverifiedEntry[]> {
  const path = `/v1/accounts/${toHex(account)}/positions/${toHex(asset)}/entries`
  return askJson(session, { path: `${path}?fromSequence=${fromSequence}&limit=${limit}`, signal }, (json) =>
    new Fields(json, '').list('items', pageMax, (item, at) => {
      const each = new Fields(item, at)
      return {
        entry: each.decoded('entry', entry),
        blind: each.id('blind'),
        transaction: each.id('transaction'),
        height: each.integer('height'),
        index: each.integer('index'),
        timeMs: each.integer('timeMs'),
      }
    }),
  )
}

export async function findReferences(
  session: Session,
  lookups: readonly ReferenceLookup[],
  { signal }: CallOptions = {},
): Promise<UnverifiedReferenceUse[][]> {
  const found: UnverifiedReferenceUse[][] = []
  for (let at = 0; at < lookups.length; at += lookupsMax) {
    const chunk = lookups.slice(at, at + lookupsMax)
    const post = { json: { lookups: chunk.map(({ member, key }) => ({ member: toHex(member), key: toHex(key) })) } }
    const uses = await askJson(session, { path: '/v1/references/search', post, signal }, (json) =>
      exactly(new Fields(json, '').list('found', chunk.length, usesOf), chunk.length, 'found'),
    )
    found.push(...uses)
  }
  return found
}

function usesOf(json: unknown, path: string): UnverifiedReferenceUse[] {
  return new Fields(json, path).list('uses', usesMax, (item, at) => {
    const each = new Fields(item, at)
    return { businessDay: each.integer('businessDay'), record: each.decoded('record', referenceRecord) }
  })
}

/** What a block stores of a transaction. Its parts follow from the id, so it needs no proof, but its signatures do. */
export async function transaction(
  session: Session,
  id: TransactionId,
  { signal }: CallOptions = {},
): Promise<StoredTransaction | undefined> {
  try {
    return await askJson(session, { path: `/v1/transactions/${toHex(id)}/content`, signal }, (json) => {
      const stored = whole(() => storedTransaction.fromJson(json, ''))
      if (!equalBytes(storedTransactionIdOf(stored), id)) throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: 'id' })
      return stored
    })
  } catch (error) {
    if (error instanceof ClientError && error.code === 'CLIENT_NOT_FOUND') return undefined
    throw error
  }
}
