/** The kind of an account's key. */
export const accountKeyKind = 2

/** Where the fixed fields of an encoded account record stand; a parent may follow, then the policy, then the status. */
export const accountField = { member: 0, accountKind: 32, parent: 33 } as const

const idBytes = 32
/** Threshold, before a policy's keys. */
const thresholdBytes = 4
/** Asset, period and amount of a policy's limit. */
const limitBytes = 32 + 8 + 16
const delayBytes = 8

/** Where the policy of an account record begins. @param at - Where the record begins. */
export function policyAt(view: DataView, at: number): number {
  return at + accountField.parent + 1 + (view.getUint8(at + accountField.parent) === 1 ? idBytes : 0)
}

/** Where the status stands, behind a policy of any length. */
export function statusAt(view: DataView, at: number): number {
  let end = skipKeys(view, policyAt(view, at) + thresholdBytes)
  end += 4 + view.getUint32(end, true) * limitBytes
  const hasRecovery = view.getUint8(end++) === 1
  return hasRecovery ? skipKeys(view, end + thresholdBytes) + delayBytes : end
}

/** Scheme, length and bytes of the key, weight, permissions, for each of a list. */
function skipKeys(view: DataView, countAt: number): number {
  let at = countAt + 4
  for (let left = view.getUint32(countAt, true); left > 0; left--) at += 1 + 4 + view.getUint32(at + 1, true) + 2 + 4
  return at
}
