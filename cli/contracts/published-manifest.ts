import type { Manifest } from '@tallystick/contract-kit'
import type { JsonValue } from '@tallystick/core/protocol'
import type { Context } from '../context.ts'
import { CliError } from '../errors.ts'
import type { Connection } from '../ledger/connect.ts'
import { type KnownContract, publishedCode } from '../ledger/contracts.ts'
import { convertInput } from './convert-input.ts'
import { ledgerNames } from './ledger-names.ts'

/** What a contract says of itself. The ledger has checked its form; the record is proven. */
export async function publishedManifest(
  context: Context,
  { client }: Connection,
  { record }: KnownContract,
): Promise<Manifest> {
  const { manifest } = await publishedCode(client, record.code, context.signal)
  return JSON.parse(manifest) as Manifest
}

/**
 * The input of an action or a view, as the contract takes it.
 * @throws {CliError} CONTRACT_ACTION_UNKNOWN, CONTRACT_INPUT_INVALID, or that of a name.
 */
export async function inputFor(
  context: Context,
  connection: Connection,
  manifest: Manifest,
  of: { readonly kind: 'actions' | 'views'; readonly name: string; readonly input: JsonValue },
): Promise<JsonValue> {
  const callables: Manifest['views'] = manifest[of.kind]
  const callable = Object.hasOwn(callables, of.name) ? callables[of.name] : undefined
  if (callable === undefined) {
    const names = Object.keys(callables).join(', ') || 'none'
    throw new CliError(
      'CONTRACT_ACTION_UNKNOWN',
      `"${of.name}" is none of the ${of.kind} of ${manifest.name}: ${names}`,
    )
  }
  return convertInput(callable.input as JsonValue, of.input, ledgerNames(context, connection))
}
