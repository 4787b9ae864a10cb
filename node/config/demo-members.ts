import type { MemberRole } from '@tallystick/core/protocol'

/** An organisation of a local network. `slug` names its files. */
export interface DemoMember {
  readonly slug: string
  readonly identifier: string
  readonly name: string
  readonly roles: readonly MemberRole[]
}

/** The organisations of a local network. Their LEIs are made up, with valid check digits. */
export const demoMembers: readonly DemoMember[] = [
  {
    slug: 'settlement-bank',
    identifier: '9845TALLYSETTLE00030',
    name: 'Tallystick Settlement Bank',
    roles: ['validator', 'bank', 'issuer', 'registrar', 'regulator', 'publisher'],
  },
  {
    slug: 'alpine-bank',
    identifier: '9845TALLYALPINE00007',
    name: 'Alpine Commercial Bank',
    roles: ['validator', 'bank', 'registrar', 'publisher'],
  },
  {
    slug: 'harbour-bank',
    identifier: '9845TALLYHARBOUR0085',
    name: 'Harbour Commercial Bank',
    roles: ['validator', 'bank', 'registrar', 'publisher'],
  },
  {
    slug: 'audit-registry',
    identifier: '9845TALLYREGISTRY010',
    name: 'Audit Registry',
    roles: ['validator', 'auditor'],
  },
]
