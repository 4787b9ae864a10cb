import { equalBytes, toHex } from '@tallystick/core/codec'
import {
  type CodeHash,
  type ContractCode,
  type ContractId,
  type ContractRecord,
  codeHashOf,
  contractBooking,
  contractCode,
  contractRecord,
  type JsonValue,
  type MemberId,
  signedRequestAgeMaxMs,
} from '@tallystick/core/protocol'
import type {
  CallOptions,
  ContractNote,
  ListOptions,
  LogOptions,
  RowOptions,
  UnverifiedBooking,
  UnverifiedContract,
  UnverifiedPage,
  UnverifiedRows,
  ViewAnswer,
} from '../client.ts'
import { ClientError } from '../errors.ts'
import { page, pageMax } from '../lists/lists.ts'
import { askJson, type Session } from '../network/session.ts'
import { Fields, malformed } from '../wire/fields.ts'
import { authorizationOf, type Reader } from './sign-request.ts'

const noteLinesMax = 1_000
/** Some of what nodes allow, since their clocks differ. */
const signatureLifeMs = signedRequestAgeMaxMs / 3

function pathOf(contract: ContractId, ...rest: string[]): string {
  return ['/v1/contracts', toHex(contract), ...rest].join('/')
}

export function listContracts(
  session: Session,
  options: ListOptions & { readonly member?: MemberId } = {},
): Promise<UnverifiedPage<ContractId, ContractRecord>> {
  const query = options.member === undefined ? {} : { member: toHex(options.member) }
  return page(session, { path: '/v1/contracts', idField: 'id', query }, contractRecord, options)
}

export function contract(session: Session, id: ContractId, { signal }: CallOptions = {}): Promise<UnverifiedContract> {
  return askJson(session, { path: pathOf(id), signal }, (json) => {
    const fields = new Fields(json, '')
    const record = fields.decoded('record', contractRecord)
    fields.object('manifest')
    return { id, record, manifest: fields.raw('manifest') as UnverifiedContract['manifest'] }
  })
}

/** A code needs no proof: its hash follows from it. */
export function publishedCode(session: Session, hash: CodeHash, { signal }: CallOptions = {}): Promise<ContractCode> {
  return askJson(session, { path: `/v1/codes/${toHex(hash)}`, signal }, (json) => {
    const code = new Fields(json, '').decoded('record', contractCode)
    if (!equalBytes(codeHashOf(code), hash)) throw new ClientError('CLIENT_PROOF_OF_OTHER', { link: 'hash' })
    return code
  })
}

export function contractView(
  session: Session,
  id: ContractId,
  view: string,
  input: JsonValue,
  { signal }: CallOptions = {},
): Promise<ViewAnswer> {
  const path = pathOf(id, 'views', encodeURIComponent(view))
  return askJson(session, { path, post: { json: input }, signal }, (json) => {
    const fields = new Fields(json, '')
    return { height: fields.integer('height'), output: fields.raw('output') as JsonValue }
  })
}

export function contractRows(
  session: Session,
  id: ContractId,
  { from, to, reverse = false, limit = 100, signal }: RowOptions = {},
): Promise<UnverifiedRows> {
  const search = new URLSearchParams({ limit: String(limit), reverse: String(reverse) })
  if (from !== undefined) search.set('from', from)
  if (to !== undefined) search.set('to', to)
  return askJson(session, { path: `${pathOf(id, 'rows')}?${search}`, signal }, (json) => {
    const fields = new Fields(json, '')
    return {
      height: fields.integer('height'),
      generation: fields.integer('generation'),
      rows: fields.list('items', pageMax, (item, at) => {
        const row = new Fields(item, at)
        return { key: row.text('key'), value: row.text('value') }
      }),
      next: fields.optional('next', (all) => all.text('next')),
    }
  })
}

export function contractBookings(
  session: Session,
  id: ContractId,
  { limit = 100, signal }: CallOptions & { readonly limit?: number } = {},
): Promise<UnverifiedBooking[]> {
  return askJson(session, { path: `${pathOf(id, 'bookings')}?limit=${limit}`, signal }, (json) =>
    new Fields(json, '').list('items', pageMax, (item, at) => {
      const each = new Fields(item, at)
      return { number: each.integer('number'), booking: each.decoded('record', contractBooking) }
    }),
  )
}

/** Signs again where a node is asked later than a signature lasts. */
export async function contractLogs(
  session: Session,
  id: ContractId,
  reader: Reader,
  { after, limit = 100, signal }: LogOptions = {},
): Promise<ContractNote[]> {
  const search = new URLSearchParams({ limit: String(limit), ...(after !== undefined && { after: String(after) }) })
  const path = `${pathOf(id, 'logs')}?${search}`
  let signed = { timeMs: 0, authorization: '' }
  const headers = async (): Promise<Record<string, string>> => {
    const timeMs = Date.now()
    if (timeMs - signed.timeMs > signatureLifeMs) {
      signed = { timeMs, authorization: await authorizationOf(reader, session.ledger, path, timeMs) }
    }
    return { authorization: signed.authorization }
  }
  // A signer that fails is asked once, and not again for every node.
  await headers()
  return askJson(session, { path, headers, signal }, (json) => new Fields(json, '').list('items', pageMax, noteOf))
}

function noteOf(item: unknown, at: string): ContractNote {
  const fields = new Fields(item, at)
  return {
    number: fields.integer('number'),
    height: fields.integer('height'),
    timeMs: fields.integer('timeMs'),
    code: fields.optional('code', (all) => all.id<CodeHash>('code')),
    transaction: fields.id('transaction'),
    action: fields.integer('action'),
    name: fields.text('name'),
    fuelUsed: fields.integer('fuelUsed'),
    lines: fields.list('lines', noteLinesMax, lineOf),
    stack: fields.optional('stack', (all) => all.text('stack')),
  }
}

function lineOf(line: unknown, at: string): string {
  if (typeof line !== 'string') throw malformed(at, 'text is wanted')
  return line
}
