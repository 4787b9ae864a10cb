import { CodecError, encode, sortByEncoding } from '@tallystick/core/codec'
import {
  keyIdentity,
  signingMessage,
  type Transaction,
  type TransactionBody,
  transactionIdOf,
  type WitnessSignature,
  witness,
} from '@tallystick/core/protocol'
import { ClientError } from '../errors.ts'
import type { Signer } from '../keys/signer.ts'

/** Lets every signer sign the body's id; the signatures are put into order. */
export async function signTransaction(body: TransactionBody, signers: readonly Signer[]): Promise<Transaction> {
  const message = signingMessage(body.ledger, transactionIdOf(body))
  const signatures = await Promise.all(signers.map((signer) => signatureOf(signer, message)))
  return mergeSignatures({ body, witness: [] }, signatures)
}

/** Adds signatures that were made elsewhere, over the same body. A key's second signature replaces its first. */
export function mergeSignatures(transaction: Transaction, more: readonly WitnessSignature[]): Transaction {
  const byKey = new Map<string, WitnessSignature>()
  for (const signature of [...transaction.witness, ...more]) {
    byKey.set(`${signature.scheme}:${signature.publicKey.join()}`, signature)
  }
  const sorted = sortByEncoding([...byKey.values()], keyIdentity, ({ scheme, publicKey }) => ({ scheme, publicKey }))
  try {
    encode(witness, sorted)
  } catch (error) {
    if (!(error instanceof CodecError)) throw error
    throw new ClientError('CLIENT_SIGNER_FAILED', { detail: error.message, cause: error })
  }
  return { body: transaction.body, witness: sorted }
}

async function signatureOf(signer: Signer, message: Uint8Array): Promise<WitnessSignature> {
  try {
    const signature = await signer.sign(message)
    return { scheme: signer.scheme, publicKey: signer.publicKey, signature }
  } catch (cause) {
    throw new ClientError('CLIENT_SIGNER_FAILED', { detail: String(cause), cause })
  }
}
