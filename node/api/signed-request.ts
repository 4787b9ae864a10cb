import { encode, equalBytes, fromHex, safeU64, struct, text } from '@tallystick/core/codec'
import { isAcceptablePublicKey, taggedHash, verifySignature } from '@tallystick/core/crypto'
import {
  type LedgerId,
  ledgerId,
  type MemberId,
  type Policy,
  policyKeysMax,
  type SignatureScheme,
} from '@tallystick/core/protocol'
import { ApiError } from './errors.ts'

/** How far the time of a signed request may be from the node's clock. */
export const signedRequestAgeMaxMs = 60_000
const targetBytesMax = 4_096

const requestForm = struct({ ledger: ledgerId, timeMs: safeU64, method: text(16), target: text(targetBytesMax) })

/** What a member signs to be let read its own things; `target` is path and query as they are sent. */
export interface RequestToSign {
  readonly ledger: LedgerId
  readonly timeMs: number
  readonly method: string
  readonly target: string
}

/** The 32 bytes that are signed. */
export function requestMessage(request: RequestToSign): Uint8Array {
  return taggedHash('tallystick/api-request', encode(requestForm, request))
}

interface ShownSignature {
  readonly scheme: SignatureScheme
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
}

interface Credentials {
  readonly member: MemberId
  readonly timeMs: number
  readonly signatures: readonly ShownSignature[]
}

const headerForm = /^Tallystick member=([0-9a-f]{64}),time=([1-9][0-9]{0,15}),signatures=([a-z0-9.+-]{1,16384})$/
const signatureForm = /^(ed25519|p256|webauthn-p256)\.((?:[0-9a-f]{2})+)\.((?:[0-9a-f]{2})+)$/

function credentialsOf(header: string | undefined): Credentials {
  const match = headerForm.exec(header ?? '')
  const parts = match?.[3]?.split('+').map((part) => signatureForm.exec(part)) ?? []
  if (match === null || parts.length > policyKeysMax || parts.includes(null)) {
    throw new ApiError('API_SIGNATURE_MISSING')
  }
  return {
    member: fromHex(match[1]!) as Uint8Array as MemberId,
    timeMs: Number(match[2]),
    signatures: parts.map((part) => {
      const [, scheme, publicKey, signature] = part!
      return { scheme: scheme as SignatureScheme, publicKey: fromHex(publicKey!), signature: fromHex(signature!) }
    }),
  }
}

/**
 * Who signed a request, by its `authorization` header.
 * @returns the member that it names, and the keys that signed; whether they may act for it is the caller's question.
 * @throws {ApiError} API_SIGNATURE_MISSING, API_SIGNATURE_INVALID.
 */
export function signersOf(
  header: string | undefined,
  request: Omit<RequestToSign, 'timeMs'>,
  nowMs: number,
): { readonly member: MemberId; readonly keys: readonly ShownSignature[] } {
  const { member, timeMs, signatures } = credentialsOf(header)
  if (Math.abs(nowMs - timeMs) > signedRequestAgeMaxMs) {
    throw new ApiError('API_SIGNATURE_INVALID', `Its time is ${nowMs - timeMs} ms before the node's.`)
  }
  const message = requestMessage({ ...request, timeMs })
  const isRight = ({ scheme, publicKey, signature }: ShownSignature): boolean =>
    isAcceptablePublicKey(scheme, publicKey) && verifySignature(scheme, publicKey, message, signature)
  if (!signatures.every(isRight)) throw new ApiError('API_SIGNATURE_INVALID')
  return { member, keys: signatures }
}

/** Whether these keys together may do for a policy what the permission says. */
export function satisfies(
  { threshold, keys }: Policy,
  signers: readonly Pick<ShownSignature, 'scheme' | 'publicKey'>[],
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
