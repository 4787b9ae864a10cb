import { type LedgerId, type MemberId, requestCredentialsText, signedRequestMessage } from '@tallystick/core/protocol'
import { ClientError } from '../errors.ts'
import type { Signer } from '../keys/signer.ts'

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
  const message = signedRequestMessage({ ledger, timeMs, method: 'GET', target })
  const signatures = await Promise.all(
    signers.map(async ({ scheme, publicKey, sign }) => {
      try {
        return { scheme, publicKey, signature: await sign(message) }
      } catch (cause) {
        throw new ClientError('CLIENT_SIGNER_FAILED', { detail: String(cause), cause })
      }
    }),
  )
  return requestCredentialsText({ member, timeMs, signatures })
}
