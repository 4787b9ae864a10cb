import type { LocalLedger } from '@tallystick/contract-kit/testing'

/** Freezes or closes a customer's account, or releases it. */
export function setAccountStatus(ledger: LocalLedger, account: string, status: 'active' | 'frozen' | 'closed'): void {
  const bytes = Uint8Array.from(Buffer.from(account, 'hex')) as never
  ledger.execute({ kind: 'set-account-status', account: bytes, status, reason: 0 }, [ledger.member('customers')])
}
