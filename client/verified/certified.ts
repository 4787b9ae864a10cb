import { CodecError } from '@tallystick/core/codec'
import { type Anchor, ProofError } from '@tallystick/core/protocol'
import type { CertifiedAt, ReadOptions } from '../client.ts'
import { ClientError } from '../errors.ts'

/** Runs a check of the protocol; what it refuses becomes an error of the client that names the link. */
export function checked<T>(check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof ProofError) {
      throw new ClientError('CLIENT_PROOF_INVALID', {
        detail: `${error.code} at ${error.message}.`,
        link: error.link,
        cause: error,
      })
    }
    if (error instanceof CodecError) {
      throw new ClientError('CLIENT_ANSWER_MALFORMED', { detail: error.message, cause: error })
    }
    throw error
  }
}

export function certifiedAt({ header }: Anchor): CertifiedAt {
  return { height: header.executed.height, certifiedByHeight: header.height, certifiedTimeMs: header.timeMs }
}

/** @throws {ClientError} CLIENT_PROOF_STALE. */
export function expectFresh(at: CertifiedAt, options: ReadOptions): void {
  const { minHeight, maxAgeMs } = options
  if (minHeight !== undefined && at.height < minHeight) {
    throw new ClientError('CLIENT_PROOF_STALE', { detail: `It is of height ${at.height}, asked for is ${minHeight}.` })
  }
  const ageMs = Date.now() - at.certifiedTimeMs
  if (maxAgeMs !== undefined && ageMs > maxAgeMs) {
    throw new ClientError('CLIENT_PROOF_STALE', { detail: `It is ${ageMs} ms old, asked for are ${maxAgeMs}.` })
  }
}
