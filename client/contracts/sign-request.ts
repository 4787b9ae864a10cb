import { encode, safeU64, struct, text, toHex } from '@tallystick/core/codec'
import { taggedHash } from '@tallystick/core/crypto'
import { type LedgerId, ledgerId, type MemberId } from '@tallystick/core/protocol'
import { ClientError } from '../errors.ts'
import type { Signer } from '../keys/signer.ts'

/** The same as a node has it (docs/api.md, "Signed requests"). */
const requestForm = struct({ ledger: ledgerId, timeMs: safeU64, method: text(16), target: text(4_096) })

/** Who reads its own things: a member, by keys that satisfy its policy. */
export interface Reader {
  readonly member: MemberId
  readonly signers: readonly Signer[]
}

/**
 * The `authorization` header of a request.
 * @param target - Path and query, as they are sent.
 * @throws {ClientError} CLIENT_SIGNER_FAILED.
 */
export async function authorizationOf(
  { member, signers }: Reader,
  ledger: LedgerId,
  target: string,
  timeMs: number,
): Promise<string> {
  const message = taggedHash('tallystick/api-request', encode(requestForm, { ledger, timeMs, method: 'GET', target }))
  const signatures = await Promise.all(
    signers.map(async ({ scheme, publicKey, sign }) => {
      try {
        return `${scheme}.${toHex(publicKey)}.${toHex(await sign(message))}`
      } catch (cause) {
        throw new ClientError('CLIENT_SIGNER_FAILED', { detail: String(cause), cause })
      }
    }),
  )
  return `Tallystick member=${toHex(member)},time=${timeMs},signatures=${signatures.join('+')}`
}
