import { encode, fromHex, type Infer, safeU64, struct, text, toHex } from '../codec/index.ts'
import { type Hash, taggedHash } from '../crypto/index.ts'
import { ledgerId, type MemberId } from './ids.ts'
import { policyKeysMax, type SignatureScheme } from './policy.ts'

/** How far the time of a signed request may be from the clock of the node that is asked. */
export const signedRequestAgeMaxMs = 60_000
const methodBytesMax = 16
export const signedRequestTargetBytesMax = 4_096

/**
 * What a member signs to be let read its own things (docs/api.md, "Signed requests"): `timeMs` is Unix milliseconds, `method` such as
 * `GET`, `target` path and query as they are sent.
 */
export const signedRequest = struct({
  ledger: ledgerId,
  timeMs: safeU64,
  method: text(methodBytesMax),
  target: text(signedRequestTargetBytesMax),
})
export type SignedRequest = Infer<typeof signedRequest>

/** Who signed a request, as its `authorization` header tells. */
export interface RequestCredentials {
  readonly member: MemberId
  readonly timeMs: number
  readonly signatures: readonly RequestSignature[]
}

export interface RequestSignature {
  readonly scheme: SignatureScheme
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
}

/** What the signatures of a request are over. @throws {CodecError} if a part of the request is too long. */
export function signedRequestMessage(request: SignedRequest): Hash {
  return taggedHash('tallystick/api-request', encode(signedRequest, request))
}

/** The `authorization` header of a signed request. */
export function requestCredentialsText({ member, timeMs, signatures }: RequestCredentials): string {
  const shown = signatures.map(
    ({ scheme, publicKey, signature }) => `${scheme}.${toHex(publicKey)}.${toHex(signature)}`,
  )
  return `Tallystick member=${toHex(member)},time=${timeMs},signatures=${shown.join('+')}`
}

const headerForm = /^Tallystick member=([0-9a-f]{64}),time=([1-9][0-9]{0,15}),signatures=([a-z0-9.+-]{1,16384})$/
const signatureForm = /^(ed25519|p256|webauthn-p256)\.((?:[0-9a-f]{2})+)\.((?:[0-9a-f]{2})+)$/

/** Reads what `requestCredentialsText` wrote. @returns `undefined` if the text has another form, or too many signatures. */
export function readRequestCredentials(header: string): RequestCredentials | undefined {
  const [, member, time, shown = ''] = headerForm.exec(header) ?? []
  const parts = shown.split('+').map((part) => signatureForm.exec(part))
  if (member === undefined || parts.length > policyKeysMax || parts.includes(null)) return undefined
  return {
    member: fromHex(member) as Uint8Array as MemberId,
    timeMs: Number(time),
    signatures: parts.map((part) => {
      const [, scheme, publicKey, signature] = part!
      return { scheme: scheme as SignatureScheme, publicKey: fromHex(publicKey!), signature: fromHex(signature!) }
    }),
  }
}
