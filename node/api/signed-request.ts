import { equalBytes } from '@tallystick/core/codec'
import { isAcceptablePublicKey, verifySignature } from '@tallystick/core/crypto'
import {
  byteLength,
  type MemberId,
  type Policy,
  type RequestSignature,
  readRequestCredentials,
  type SignedRequest,
  signedRequestAgeMaxMs,
  signedRequestMessage,
  signedRequestTargetBytesMax,
} from '@tallystick/core/protocol'
import { ApiError } from './errors.ts'

/**
 * Who signed a request, by its `authorization` header.
 * @returns the member that it names, and the keys that signed; whether they may act for it is the caller's question.
 * @throws {ApiError} API_SIGNATURE_MISSING, API_SIGNATURE_INVALID.
 */
export function signersOf(
  header: string | undefined,
  request: Omit<SignedRequest, 'timeMs'>,
  nowMs: number,
): { readonly member: MemberId; readonly keys: readonly RequestSignature[] } {
  const credentials = readRequestCredentials(header ?? '')
  if (credentials === undefined) throw new ApiError('API_SIGNATURE_MISSING')
  const { member, timeMs, signatures } = credentials
  if (byteLength(request.target) > signedRequestTargetBytesMax) {
    throw new ApiError(
      'API_SIGNATURE_INVALID',
      `Its path and query are longer than ${signedRequestTargetBytesMax} bytes.`,
    )
  }
  if (Math.abs(nowMs - timeMs) > signedRequestAgeMaxMs) {
    throw new ApiError('API_SIGNATURE_INVALID', `Its time is ${nowMs - timeMs} ms before the node's.`)
  }
  const message = signedRequestMessage({ ...request, timeMs })
  const isRight = ({ scheme, publicKey, signature }: RequestSignature): boolean =>
    isAcceptablePublicKey(scheme, publicKey) && verifySignature(scheme, publicKey, message, signature)
  if (!signatures.every(isRight)) throw new ApiError('API_SIGNATURE_INVALID')
  return { member, keys: signatures }
}

/** Whether these keys together may do for a policy what the permission says. */
export function satisfies(
  { threshold, keys }: Policy,
  signers: readonly Pick<RequestSignature, 'scheme' | 'publicKey'>[],
  permission: number,
): boolean {
  let weight = 0
  for (const key of keys) {
    const hasSigned = signers.some(
      ({ scheme, publicKey }) => scheme === key.scheme && equalBytes(publicKey, key.publicKey),
    )
    if (hasSigned && (key.permissions & permission) !== 0) weight += key.weight
  }
  return keys.length > 0 && weight >= threshold
}
