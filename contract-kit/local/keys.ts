import { ed25519PublicKey, type Hash, taggedHash } from '@tallystick/core/crypto'
import { type KeyIdentity, type Policy, singleKeyPolicy, type WitnessSignature } from '@tallystick/core/protocol'

const encoder = new TextEncoder()
const known = new Map<string, KeyIdentity>()

/** 32 bytes that a name stands for. */
export function hashOfName(name: string): Hash {
  return taggedHash('tallystick/local', encoder.encode(`${name}.`))
}

/** The public key that a name stands for; nobody signs with it, since the ledger's kernel judges who signed, not the signature. */
function keyOf(name: string): KeyIdentity {
  let key = known.get(name)
  if (key === undefined) {
    key = { scheme: 'ed25519', publicKey: ed25519PublicKey(hashOfName(`key of ${name}`)) }
    known.set(name, key)
  }
  return key
}

export function policyOf(name: string): Policy {
  return singleKeyPolicy(keyOf(name))
}

export function signatureOf(name: string): WitnessSignature {
  return { ...keyOf(name), signature: new Uint8Array(64) }
}
