import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  buildTransaction,
  encodeProofFile,
  type Signer,
  signTransaction,
  type VerifiedReceipt,
} from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import type { Authorizer, Group, MemberId, TransactionId } from '@tallystick/core/protocol'
import { isDone, results } from '@tallystick/core/protocol'
import { writeOwnerOnlyFile } from '@tallystick/node/keys'
import { type Context, homePaths } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from './connect.ts'
import { requireSigners } from './require-signers.ts'

/** Half of the protocol's window, so that clocks may differ. */
export const validityMs = 5 * 60_000
const provenMaxMs = 60_000

export interface TransactionRequest {
  readonly groups: readonly Group[]
  readonly authorizers: readonly Authorizer[]
  readonly payer: MemberId
  readonly signers: readonly Signer[]
  /** Whether the receipt is kept without the actions, which are large where they publish code. */
  readonly withoutActions?: boolean
  /** Whether somebody named the keys, who may have named the wrong ones. */
  readonly keysNamed?: boolean
}

/** A transaction whose receipt was verified, whatever the receipt says. */
export interface Settled {
  readonly id: TransactionId
  readonly verified: VerifiedReceipt
  readonly receiptPath: string
}

/**
 * Builds, signs and sends a transaction, waits for the proof of its receipt, verifies and keeps it.
 * @throws {CliError} KEY_OF_OTHER
 */
export async function settle(context: Context, connection: Connection, request: TransactionRequest): Promise<Settled> {
  const { signers, withoutActions = false, keysNamed = false, ...rest } = request
  const { client } = connection
  const { signal } = context
  if (keysNamed) await requireSigners(connection, rest.authorizers, signers, signal)
  const body = buildTransaction({ ...rest, ledger: client.ledger, validUntilMs: Date.now() + validityMs })
  const { id } = await client.submit(await signTransaction(body, signers), { signal })
  await client.waitFor(id, 'proven', { signal, timeoutMs: provenMaxMs })
  const verified = await client.verifiedReceipt(id, { signal, components: withoutActions ? [] : 'all' })
  const receiptPath = join(homePaths.receipts(context.home), `${toHex(id)}.json`)
  await mkdir(homePaths.receipts(context.home), { recursive: true, mode: 0o700 })
  await writeOwnerOnlyFile(receiptPath, encodeProofFile({ kind: 'receipt', ...verified.proof }), { replace: true })
  return { id, verified, receiptPath }
}

/** @throws {CliError} TRANSACTION_REJECTED with the result's code and remedy unless every action took effect. */
export function requireDone({ id, verified, receiptPath }: Settled): void {
  const failed = [...verified.items.values()].filter(({ result }) => !isDone(result))
  const first = failed[0]?.result ?? (isDone(verified.receipt.result) ? undefined : verified.receipt.result)
  if (first === undefined) return
  const { summary, action, iso } = results[first]
  const fields = { result: first, iso, id: toHex(id), receipt: receiptPath }
  throw new CliError('TRANSACTION_REJECTED', `${first}: ${summary} (receipt: ${receiptPath})`, fields, action)
}
