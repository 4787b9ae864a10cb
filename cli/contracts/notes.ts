import { type Client, ClientError, type ContractNote, type Reader } from '@tallystick/client'
import { equalBytes, toHex } from '@tallystick/core/codec'
import { type CodeHash, isDone } from '@tallystick/core/protocol'
import type { Context } from '../context.ts'
import type { Connection } from '../ledger/connect.ts'
import type { KnownContract } from '../ledger/contracts.ts'
import { memberKey, signerOf } from '../ledger/members.ts'
import type { Settled } from '../ledger/settle.ts'
import { keeperOf } from './act-as-keeper.ts'
import { withKit } from './kit.ts'

const recentNotes = 100

/** The member that keeps a contract, with its key. @param keyPath - Where that is not in the home. */
export async function readerOf(
  context: Context,
  connection: Connection,
  contract: KnownContract,
  keyPath?: string,
): Promise<Reader> {
  const member = keeperOf(connection, contract)
  return { member: member.id, signers: [signerOf(await memberKey(context, member, keyPath))] }
}

/**
 * Finds the author's own lines in the stacks of notes, by the code that ran; all lines where none is the author's. A note that
 * names no code is taken for one of the contract's code as it is now.
 * @param node - The one that has the notes: it has their codes too.
 */
export function stackMapper(
  { signal }: Pick<Context, 'signal'>,
  node: Pick<Client, 'publishedCode'>,
  { record }: KnownContract,
): (note: Pick<ContractNote, 'code' | 'stack'>) => Promise<string | undefined> {
  const sourceMaps = new Map<string, string>()
  const sourceMapOf = async (code: CodeHash): Promise<string> => {
    const known = sourceMaps.get(toHex(code))
    if (known !== undefined) return known
    const { sourceMap } = await node.publishedCode(code, { signal })
    sourceMaps.set(toHex(code), sourceMap)
    return sourceMap
  }
  return async ({ code = record.code, stack }) => {
    if (stack === undefined) return undefined
    const sourceMap = await sourceMapOf(code)
    return withKit(({ mapStack, stackFrames }) => {
      const own = stackFrames(stack, sourceMap).flatMap(({ name, place }) => (place ? [{ name, ...place }] : []))
      if (own.length === 0) return mapStack(stack, sourceMap)
      return own.map(({ name, file, line, column }) => `    at ${name} (${file}:${line}:${column})`).join('\n')
    })
  }
}

/** Each node counts its notes for itself, so one node is asked for all: the first that answers. */
export async function nodeWithNotes(
  { eachNode, client }: Connection,
  ask: (node: Client) => Promise<ContractNote[]>,
): Promise<{ readonly node: Client; readonly notes: readonly ContractNote[] }> {
  let fault: unknown
  for (const node of eachNode.length > 0 ? eachNode : [client]) {
    try {
      return { node, notes: await ask(node) }
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'CLIENT_ABORTED') throw error
      fault ??= error
    }
  }
  throw fault
}

/**
 * Where in the author's files a call failed: for the author alone, that is where the key of the contract's member is in the home.
 * What goes wrong with it stays untold: the failure itself is what counts.
 */
export async function traceOf(
  context: Context,
  connection: Connection,
  contract: KnownContract,
  { id, verified }: Settled,
): Promise<string | undefined> {
  if (isDone(verified.receipt.result) || keeperOf(connection, contract).keyPath === undefined) return undefined
  const { signal } = context
  try {
    const reader = await readerOf(context, connection, contract)
    const { node, notes } = await nodeWithNotes(connection, (each) =>
      each.contractLogs(contract.id, reader, { limit: recentNotes, signal }),
    )
    const note = notes.find(({ transaction }) => equalBytes(transaction, id))
    return note === undefined ? undefined : await stackMapper(context, node, contract)(note)
  } catch {
    return undefined
  }
}
