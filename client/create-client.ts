import { CodecError, decodeJsonText } from '@tallystick/core/codec'
import { type Genesis, genesis, trustGenesis } from '@tallystick/core/protocol'
import type { Client, ClientOptions } from './client.ts'
import {
  contract,
  contractBookings,
  contractLogs,
  contractRows,
  contractView,
  listContracts,
  publishedCode,
} from './contracts/read-contracts.ts'
import { verifiedContractRow } from './contracts/verified-rows.ts'
import { ClientError } from './errors.ts'
import { events } from './lists/events.ts'
import {
  findReferences,
  listAccounts,
  listAssets,
  listEntries,
  listMembers,
  listPositions,
  transaction,
} from './lists/lists.ts'
import { nodeReports } from './lists/node-reports.ts'
import { NodePool } from './network/node-pool.ts'
import type { Session } from './network/session.ts'
import { settle } from './submission/settle.ts'
import { statusesOf } from './submission/statuses.ts'
import { submit, submitMany } from './submission/submit.ts'
import { waitFor, waitForAll } from './submission/wait.ts'
import { verifiedReceipt, verifiedReceipts } from './verified/receipts.ts'
import { verifiedAbsence, verifiedBlock, verifiedRecord, verifiedReference, verifiedState } from './verified/state.ts'

/**
 * A client of some nodes of one ledger. Opens nothing until it is asked.
 * @throws {ClientError} CLIENT_GENESIS_MALFORMED, CLIENT_NODE_ADDRESS_INVALID.
 */
export function createClient(options: ClientOptions): Client {
  const value = genesisOf(options.genesis)
  const trust = trustGenesis(value)
  const session: Session = {
    ledger: trust.ledger,
    trust,
    pool: new NodePool(options.nodes, options.retryTimeMs ?? 60_000),
    fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
    requestTimeoutMs: options.requestTimeoutMs ?? 15_000,
  }
  return {
    genesis: value,
    ledger: trust.ledger,
    submit: (signed, call) => submit(session, signed, call),
    settle: (signed, stage, call) => settle(session, signed, stage, call),
    submitMany: (signed, call) => submitMany(session, signed, call),
    statusesOf: (ids, call) => statusesOf(session, ids, call),
    waitFor: (id, stage, call) => waitFor(session, id, stage, call),
    waitForAll: (ids, stage, call) => waitForAll(session, ids, stage, call),
    verifiedReceipt: (id, call) => verifiedReceipt(session, id, call),
    verifiedReceipts: (requests, call) => verifiedReceipts(session, requests, call),
    verifiedState: (keys, call) => verifiedState(session, keys, call),
    verifiedAccount: (account, call) => verifiedRecord<'account'>(session, { kind: 'account', account }, call),
    verifiedPosition: (account, asset, call) =>
      verifiedRecord<'position'>(session, { kind: 'position', account, asset }, call),
    verifiedAsset: (asset, call) => verifiedRecord<'asset'>(session, { kind: 'asset', asset }, call),
    verifiedMember: (member, call) => verifiedRecord<'member'>(session, { kind: 'member', member }, call),
    verifiedContract: (id, call) => verifiedRecord<'contract'>(session, { kind: 'contract', contract: id }, call),
    verifiedContractRow: (id, key, call) => verifiedContractRow(session, id, key, call),
    verifiedReference: (member, businessDay, key, call) =>
      verifiedReference(session, { member, businessDay, key }, call),
    verifiedAbsence: (id, validUntilMs, call) => verifiedAbsence(session, id, validUntilMs, call),
    verifiedBlock: (height, call) => verifiedBlock(session, height, call),
    listAccounts: (call) => listAccounts(session, call),
    listAssets: (call) => listAssets(session, call),
    listMembers: (call) => listMembers(session, call),
    listPositions: (account, call) => listPositions(session, account, call),
    listEntries: (account, asset, call) => listEntries(session, account, asset, call),
    findReferences: (lookups, call) => findReferences(session, lookups, call),
    transaction: (id, call) => transaction(session, id, call),
    listContracts: (call) => listContracts(session, call),
    contract: (id, call) => contract(session, id, call),
    publishedCode: (hash, call) => publishedCode(session, hash, call),
    contractView: (id, view, input, call) => contractView(session, id, view, input, call),
    contractRows: (id, call) => contractRows(session, id, call),
    contractBookings: (id, call) => contractBookings(session, id, call),
    contractLogs: (id, reader, call) => contractLogs(session, id, reader, call),
    events: (call) => events(session, call),
    status: (call) => nodeReports(session, call),
  }
}

function genesisOf(text: string): Genesis {
  try {
    return decodeJsonText(genesis, text)
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    throw new ClientError('CLIENT_GENESIS_MALFORMED', { detail: error.message, cause: error })
  }
}
