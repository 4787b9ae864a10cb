import { randomBytes } from 'node:crypto'
import { encode, u128 } from '@tallystick/core/codec'
import { listRoot, signEd25519 } from '@tallystick/core/crypto'
import {
  action,
  componentLeaf,
  componentSalt,
  envelope,
  envelopeOf,
  requiredLimits,
  signingMessage,
  transaction,
} from '@tallystick/core/protocol'

function positionsOf(needle, bytes) {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const found = []
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) found.push(at)
  return found
}

/**
 * Makes transactions of transfers from one account, each a group of its own, many times faster than by building objects:
 * the codec encodes one with random marks in the places that differ, and every other is that one with the places filled.
 */
export class TransferTemplate {
  #ledger
  #bytes
  #envelope
  #action
  #at

  /** @param transfers - How many groups each transaction has. */
  constructor({ ledger, asset, transfers, validUntilMs }) {
    const marks = { nonce: 16, payer: 32, debit: 32, credit: 32, publicKey: 32, signature: 64 }
    const mark = Object.fromEntries(
      Object.entries(marks).map(([name, bytes]) => [name, new Uint8Array(randomBytes(bytes))]),
    )
    // Amounts are below 256, so that one byte of the 16 is filled in.
    const amount = BigInt(`0x${randomBytes(15).toString('hex')}ff`)
    const { debit, credit } = mark
    const transfer = { kind: 'transfer', debit, credit, asset, amount, reference: undefined, commitment: undefined }
    const groups = Array.from({ length: transfers }, () => ({ netted: false, actions: [transfer] }))
    const body = {
      version: 1,
      ledger,
      validUntilMs,
      ticket: undefined,
      payer: mark.payer,
      limits: requiredLimits({ groups }),
      authorizers: [{ kind: 'account', account: debit }],
      nonce: mark.nonce,
      groups,
    }
    const witness = [{ scheme: 'ed25519', publicKey: mark.publicKey, signature: mark.signature }]
    this.#ledger = ledger
    this.#bytes = encode(transaction, { body, witness })
    this.#envelope = encode(envelope, envelopeOf(body))
    this.#action = encode(action, transfer)
    const amountMark = encode(u128, amount)
    const placesIn = (bytes) => ({
      ...Object.fromEntries(Object.entries(mark).map(([name, value]) => [name, positionsOf(value, bytes)])),
      amount: positionsOf(amountMark, bytes),
    })
    this.#at = { all: placesIn(this.#bytes), envelope: placesIn(this.#envelope), action: placesIn(this.#action) }
    for (const bytes of [this.#bytes, this.#action]) {
      for (const at of positionsOf(amountMark, bytes)) bytes.fill(0, at, at + 16)
    }
    if (this.#at.all.credit.length !== transfers || this.#at.all.debit.length !== transfers + 1) {
      throw new Error('the form of a transaction is not what the template expects')
    }
  }

  /** Of every transaction. */
  get length() {
    return this.#bytes.length
  }

  /**
   * Writes a signed transaction. @param values - `credits`: ids of the credited accounts, `amounts` below 256.
   * @returns its id
   */
  write(into, offset, { nonce, payer, debit, credits, amounts, publicKey, seed }) {
    const target = into.subarray(offset, offset + this.#bytes.length)
    target.set(this.#bytes)
    const { all, envelope: inEnvelope, action: inAction } = this.#at
    const fill = (bytes, places, value) => {
      for (const at of places) bytes.set(value, at)
    }
    fill(target, all.nonce, nonce)
    fill(target, all.payer, payer)
    fill(target, all.debit, debit)
    fill(target, all.publicKey, publicKey)
    fill(this.#envelope, inEnvelope.payer, payer)
    fill(this.#envelope, inEnvelope.debit, debit)
    fill(this.#action, inAction.debit, debit)
    const leaves = [componentLeaf(0, componentSalt(nonce, 0), this.#envelope)]
    for (let i = 0; i < credits.length; i++) {
      target.set(credits[i], all.credit[i])
      target[all.amount[i]] = amounts[i]
      this.#action.set(credits[i], inAction.credit[0])
      this.#action[inAction.amount[0]] = amounts[i]
      leaves.push(componentLeaf(i + 1, componentSalt(nonce, i + 1), this.#action))
    }
    const id = listRoot('transaction', leaves)
    target.set(signEd25519(signingMessage(this.#ledger, id), seed), all.signature[0])
    return id
  }
}
