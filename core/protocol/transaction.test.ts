import { describe, expect, it } from 'vitest'
import { CodecError, decode, encode, Sampler } from '../codec/index.ts'
import { listRootFromPath } from '../crypto/index.ts'
import {
  type Action,
  action,
  actionsOf,
  componentLeaf,
  componentPath,
  componentSalt,
  envelope,
  envelopeOf,
  eraseComponent,
  policy,
  requiredLimits,
  type StoredTransaction,
  signingMessage,
  storedTransaction,
  storedTransactionIdOf,
  type TransactionBody,
  transactionBody,
  transactionIdOf,
  witness,
  witnessHashOf,
} from './index.ts'
import { bodyOf, hashOf, ledger } from './testing/world.ts'

const body = bodyOf()
const id = transactionIdOf(body)
const stored = { kind: 'whole', transaction: { body, witness: [] } } satisfies StoredTransaction

describe('transaction ids', () => {
  it('behavior: every part of the body is in the id', () => {
    const [first, second] = body.groups as [TransactionBody['groups'][number], TransactionBody['groups'][number]]
    const changes: Partial<TransactionBody>[] = [
      { ledger: hashOf('other') as TransactionBody['ledger'] },
      { validUntilMs: body.validUntilMs + 1 },
      { ticket: { account: hashOf('a') as never, number: 0 } },
      { payer: hashOf('p') as TransactionBody['payer'] },
      { limits: { ...body.limits, steps: 1 } },
      { authorizers: [] },
      { nonce: hashOf('another').slice(0, 16) },
      { groups: [second, first] },
      { groups: [{ netted: true, actions: first.actions }, second] },
      { groups: [{ netted: false, actions: [...first.actions, ...second.actions] }] },
    ]
    const ids = changes.map((change) => transactionIdOf({ ...body, ...change }).join())
    expect(new Set([...ids, id.join()]).size).toBe(changes.length + 1)
  })

  it('behavior: the witness is not in the id, and has a hash of its own', () => {
    const signature = { scheme: 'ed25519', publicKey: hashOf('k'), signature: new Uint8Array(64) } as const
    expect(storedTransactionIdOf({ kind: 'whole', transaction: { body, witness: [signature] } })).toEqual(id)
    expect(witnessHashOf([signature])).not.toEqual(
      witnessHashOf([{ ...signature, signature: new Uint8Array(64).fill(1) }]),
    )
  })

  it('behavior: what is signed is bound to the ledger', () => {
    expect(signingMessage(ledger, id)).not.toEqual(signingMessage(hashOf('copy') as typeof ledger, id))
  })

  it('behavior: each component is proven under the id without the others', () => {
    const encodings = [encode(envelope, envelopeOf(body)), ...actionsOf(body).map((value) => encode(action, value))]
    for (const [index, encoded] of encodings.entries()) {
      const leaf = componentLeaf(index, componentSalt(body.nonce, index), encoded)
      const path = componentPath(body, index)
      expect(listRootFromPath('transaction', leaf, index, encodings.length, path)).toEqual(id)
      expect(listRootFromPath('transaction', leaf, (index + 1) % 3, encodings.length, path)).not.toEqual(id)
    }
  })

  it('behavior: an envelope can not pass for an action of the same bytes', () => {
    const salt = hashOf('s')
    expect(componentLeaf(0, salt, hashOf('x'))).not.toEqual(componentLeaf(1, salt, hashOf('x')))
  })
})

describe('eraseComponent', () => {
  it('default: the id still follows, whatever is erased', () => {
    let erased: StoredTransaction = stored
    for (const index of [1, 0, 2]) {
      erased = eraseComponent(erased, index)
      expect(storedTransactionIdOf(erased)).toEqual(id)
      expect(storedTransactionIdOf(decode(storedTransaction, encode(storedTransaction, erased)))).toEqual(id)
    }
    expect(eraseComponent(erased, 1)).toEqual(erased)
  })

  it("behavior: nonce, the component's salt and its content are gone from the stored bytes; the other salts stay", () => {
    const bytes = Buffer.from(encode(storedTransaction, eraseComponent(stored, 1)))
    const has = (part: Uint8Array): boolean => bytes.includes(Buffer.from(part))
    expect(has(body.nonce)).toBe(false)
    expect([0, 1, 2].map((index) => has(componentSalt(body.nonce, index)))).toEqual([true, false, true])
    expect(actionsOf(body).map((value) => has(encode(action, value)))).toEqual([false, true])
  })

  it('error: a component that is not there', () => {
    expect(() => eraseComponent(stored, 3)).toThrow(RangeError)
  })
})

describe('bodies', () => {
  const refused: [string, Partial<TransactionBody>][] = [
    ['no action', { groups: [] }],
    ['an empty group', { groups: [...body.groups, { netted: false, actions: [] }] }],
    [
      'too many actions',
      { groups: Array.from({ length: 4_097 }, () => ({ netted: false, actions: [...actionsOf(body)] })) },
    ],
    ['authorizers out of order or twice', { authorizers: [body.authorizers[0]!, body.authorizers[0]!] }],
    ['a nonce of another length', { nonce: new Uint8Array(15) }],
  ]
  for (const [what, change] of refused) {
    it(`error: ${what}`, () => {
      expect(() => encode(transactionBody, { ...body, ...change })).toThrow(CodecError)
    })
  }

  it('error: an amount of zero', () => {
    const [first] = actionsOf(body) as [Extract<Action, { kind: 'transfer' }>]
    expect(() => encode(action, { ...first, amount: 0n })).toThrow(CodecError)
  })

  it('error: signatures that are not sorted by key', () => {
    const sorted = ['a', 'b'].map((name) => ({
      scheme: 'ed25519' as const,
      publicKey: hashOf(name),
      signature: new Uint8Array(64),
    }))
    const inOrder = sorted.sort((a, b) => Buffer.compare(a.publicKey, b.publicKey))
    expect(decode(witness, encode(witness, inOrder))).toEqual(inOrder)
    expect(() => encode(witness, [...inOrder].reverse())).toThrow(CodecError)
  })

  it('error: a policy that nobody can satisfy', () => {
    const key = { scheme: 'ed25519', publicKey: hashOf('k'), weight: 1, permissions: 1 } as const
    const shared = { keys: [key], limits: [], recovery: undefined }
    for (const threshold of [0, 2]) expect(() => encode(policy, { threshold, ...shared })).toThrow(CodecError)
  })
})

describe('requiredLimits', () => {
  const [pay] = actionsOf(body) as [Action]
  const of = (...actions: Action[]) => requiredLimits({ groups: [{ netted: false, actions }] })

  it('default: grows with every action, and does not depend on the grouping', () => {
    expect(of(pay)).toEqual({ steps: 60, writtenBytes: 2_048 })
    expect(of(pay, pay).steps - of(pay).steps).toBe(10)
    const apart = [pay, pay].map((each) => ({ netted: true, actions: [each] }))
    expect(requiredLimits({ groups: apart })).toEqual(of(pay, pay))
  })

  it('behavior: tickets and policies count by their size', () => {
    const tickets = (count: number): Action => ({
      kind: 'create-tickets',
      account: hashOf('a') as never,
      count,
      expiresMs: 1,
    })
    expect(of(tickets(10)).steps - of(tickets(0)).steps).toBe(40)
    expect(of(tickets(10)).writtenBytes - of(tickets(0)).writtenBytes).toBe(640)
    const key = { scheme: 'ed25519', publicKey: hashOf('k'), weight: 1, permissions: 1 } as const
    const setPolicy = (keys: number): Action => {
      const value = { threshold: 1, keys: Array.from({ length: keys }, () => key), limits: [], recovery: undefined }
      return { kind: 'set-member-policy', member: hashOf('m') as never, policy: value }
    }
    expect(of(setPolicy(3)).writtenBytes - of(setPolicy(1)).writtenBytes).toBe(160)
  })

  it('behavior: every kind of action needs something', () => {
    const sampler = new Sampler(3n)
    for (let i = 0; i < 100; i++) {
      const { steps, writtenBytes } = of(action.sample(sampler))
      expect(steps).toBeGreaterThan(50)
      expect(writtenBytes).toBeGreaterThan(512)
    }
  })
})
