import { ed25519PublicKey, taggedHash } from '@tallystick/core/crypto'
import { accountIdOf, singleKeyPolicy } from '@tallystick/core/protocol'

const encoder = new TextEncoder()

/** Account n of a run: each has a key of its own, and the members keep them in turn. */
export function seedOf(runSeed, n) {
  return taggedHash('tallystick/bench-key', encoder.encode(`${runSeed} ${n}`))
}

export function saltOf(runSeed, n) {
  return taggedHash('tallystick/bench-salt', encoder.encode(`${runSeed} ${n}`))
}

export function accountTerms({ runSeed, members }, n) {
  const member = members[n % members.length]
  const publicKey = ed25519PublicKey(seedOf(runSeed, n))
  const policy = singleKeyPolicy({ scheme: 'ed25519', publicKey })
  return { member, publicKey, policy, salt: saltOf(runSeed, n) }
}

/** Room for the ids and public keys of accounts, shared between threads. */
export function accountTable(count) {
  const room = () => new Uint8Array(new SharedArrayBuffer(32 * count))
  return { count, ids: room(), publicKeys: room() }
}

/** Fills a part of the table. */
export function fillAccounts(run, { ids, publicKeys }, from, to) {
  for (let n = from; n < to; n++) {
    const { member, publicKey, policy, salt } = accountTerms(run, n)
    ids.set(accountIdOf(member, policy, salt), 32 * n)
    publicKeys.set(publicKey, 32 * n)
  }
}

export const idOf = ({ ids }, n) => ids.subarray(32 * n, 32 * n + 32)
export const publicKeyOf = ({ publicKeys }, n) => publicKeys.subarray(32 * n, 32 * n + 32)
