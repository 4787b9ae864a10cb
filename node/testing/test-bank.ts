import { taggedHash } from '@tallystick/core/crypto'
import {
  type AccountId,
  type Action,
  type AssetId,
  accountIdOf,
  assetIdOf,
  type MemberId,
  memberIdOf,
  type Policy,
} from '@tallystick/core/protocol'

const bare = { reference: undefined, commitment: undefined }

/** A member that issues an asset, and its accounts by name: the actions that tests order. */
export interface TestBank {
  readonly member: MemberId
  readonly asset: AssetId
  accountOf(name: string): AccountId
  openAccount(name: string, accountKind: 'customer' | 'issuance'): Action
  /** Issued from the account named `issuance`. */
  readonly createEuro: Action
  issue(to: string, amount: bigint): Action
  transfer(from: string, to: string, amount: bigint): Action
}

/** @param policy - Who signs for the member; its accounts have the same. */
export function testBank(identifier: string, policy: Policy): TestBank {
  const member = memberIdOf(identifier)
  const asset = assetIdOf(member, 'EUR')
  const saltOf = (name: string): Uint8Array => taggedHash('test-salt', new TextEncoder().encode(name))
  const accountOf = (name: string): AccountId => accountIdOf(member, policy, saltOf(name))
  const commitment = undefined
  return {
    member,
    asset,
    accountOf,
    openAccount(name, accountKind) {
      return { kind: 'open-account', member, accountKind, parent: undefined, policy, salt: saltOf(name), commitment }
    },
    createEuro: {
      kind: 'create-asset',
      issuer: member,
      code: 'EUR',
      name: 'Euro',
      assetKind: 'fungible',
      decimals: 2,
      issuanceAccount: accountOf('issuance'),
      supplyMax: undefined,
    },
    issue: (to, amount) => ({ kind: 'issue', asset, credit: accountOf(to), amount, ...bare }),
    transfer(from, to, amount) {
      return { kind: 'transfer', debit: accountOf(from), credit: accountOf(to), asset, amount, ...bare }
    },
  }
}
