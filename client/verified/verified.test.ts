import { toHex } from '@tallystick/core/codec'
import type { ReceiptProof, StateProof } from '@tallystick/core/protocol'
import { expect, test } from 'vitest'
import { ClientError } from '../errors.ts'
import { clientOf, deadUrl, startNode } from '../testing/nodes.ts'
import * as chain from '../testing/tiny-chain.ts'

test('a receipt comes back checked, with its parts by their index', async () => {
  const { url } = await startNode()
  const receipt = await clientOf([url]).verifiedReceipt(chain.packedId, { components: 'all' })
  expect(receipt.receipt.result).toBe('OK')
  expect([...receipt.items.keys()]).toEqual([0, 1])
  expect(receipt.entries.get(2)).toMatchObject({ account: chain.alice, amount: 23n, side: 'debit' })
  expect(receipt.actions.get(1)).toMatchObject({ kind: 'transfer', credit: chain.carol, amount: 23n })
  expect(receipt.envelope?.layout).toHaveLength(2)
  expect(receipt.at).toEqual({ height: 1, certifiedByHeight: 2, certifiedTimeMs: chain.headers[2]!.timeMs })
})

test('one line of a packed transaction is shown without the others', async () => {
  const { url } = await startNode()
  const receipt = await clientOf([url]).verifiedReceipt(chain.packedId, {
    items: [1],
    entries: [3],
    events: 'all',
    components: [2],
  })
  expect([...receipt.items.keys()]).toEqual([1])
  expect([...receipt.actions.keys()]).toEqual([1])
  expect(JSON.stringify(receipt.proof, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain(
    toHex(chain.packed.body.nonce),
  )
})

/** What a node answers about a receipt, and the code and link that the client names. */
const lies: [string, string, string | undefined, (proof: ReceiptProof) => ReceiptProof][] = [
  [
    'a changed amount',
    'CLIENT_PROOF_INVALID',
    'entries[0]',
    (proof) => ({
      ...proof,
      entries: proof.entries.map((part) => ({ ...part, entry: { ...part.entry, amount: part.entry.amount + 1n } })),
    }),
  ],
  [
    'a changed result',
    'CLIENT_PROOF_INVALID',
    'receipt',
    (proof) => ({ ...proof, receipt: { ...proof.receipt, result: 'INSUFFICIENT_FUNDS' } }),
  ],
  [
    'a certificate of two of four validators',
    'CLIENT_PROOF_INVALID',
    'anchor.header',
    (proof) => ({ ...proof, anchor: chain.certify(chain.headers[2]!, [0, 1]) }),
  ],
  [
    'a certificate for another header',
    'CLIENT_PROOF_INVALID',
    'anchor.header',
    (proof) => ({ ...proof, anchor: { ...proof.anchor, header: { ...proof.anchor.header, timeMs: 1 } } }),
  ],
  [
    'a proven receipt of another transaction',
    'CLIENT_PROOF_OF_OTHER',
    'receipt.id',
    () => chain.proveReceipt(chain.failedId, { items: 'all', entries: 'all', events: 'all', components: [] })!,
  ],
  [
    'entries left out',
    'CLIENT_PROOF_INCOMPLETE',
    'entries',
    (proof) => ({ ...proof, entries: proof.entries.slice(0, 2) }),
  ],
  ['all entries left out', 'CLIENT_PROOF_INCOMPLETE', 'entries', (proof) => ({ ...proof, entries: [] })],
  [
    'the same entry in place of another',
    'CLIENT_PROOF_INCOMPLETE',
    'entries',
    (proof) => ({ ...proof, entries: proof.entries.map(() => proof.entries[0]!) }),
  ],
]

const honest = (parts: Parameters<typeof chain.proveReceipt>[1]) => chain.proveReceipt(chain.packedId, parts)!

test.each(lies)('refused, and the next node asked: %s', async (_, code, link, lie) => {
  const liar = await startNode((port) => {
    port.receiptProof = async (_id, parts) => lie(honest(parts))
  })
  const node = await startNode()
  const error = await clientOf([liar.url])
    .verifiedReceipt(chain.packedId)
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ClientError)
  expect(error).toMatchObject({ code, link, node: liar.url })
  const receipt = await clientOf([liar.url, node.url]).verifiedReceipt(chain.packedId)
  expect(receipt.receipt.result).toBe('OK')
})

test('of many receipts each fails alone, and is asked of the other nodes', async () => {
  const liar = await startNode((port) => {
    const { receiptProof } = port
    port.receiptProof = async (id, parts) =>
      id === chain.failedId
        ? 'unknown'
        : id.join() === chain.packedId.join()
          ? lies[0]![3](honest(parts))
          : receiptProof(id, parts)
  })
  const requests = [chain.packedId, chain.failedId, chain.unsentId].map((id) => ({ id }))
  const codes = (outcomes: unknown[]) =>
    outcomes.map((outcome) => (outcome instanceof ClientError ? outcome.code : 'verified'))
  const alone = await clientOf([liar.url]).verifiedReceipts(requests)
  expect(codes(alone)).toEqual(['CLIENT_PROOF_INVALID', 'verified', 'CLIENT_NOT_FOUND'])
  const { url } = await startNode()
  const both = await clientOf([liar.url, url]).verifiedReceipts(requests)
  expect(codes(both)).toEqual(['verified', 'verified', 'CLIENT_NOT_FOUND'])
})

test('in an answer, a forged certificate behind a true one of the same header is refused', async () => {
  for (const [, code, link, lie] of lies.filter(([name]) => name.startsWith('a certificate'))) {
    let asked = 0
    const liar = await startNode((port) => {
      port.receiptProof = async (_id, parts) => (asked++ === 0 ? honest(parts) : lie(honest(parts)))
    })
    const requests = [chain.packedId, chain.packedId].map((id) => ({ id }))
    const [first, second] = await clientOf([liar.url]).verifiedReceipts(requests)
    expect(first).not.toBeInstanceOf(ClientError)
    expect(second).toMatchObject({ code, link })
  }
})

test('proofs that were left out of a large answer are asked for again', async () => {
  const { url } = await startNode(() => {}, { limits: { proofBytesMax: 20_000 } })
  const client = clientOf([url])
  const requests = Array.from({ length: 70 }, () => ({ id: chain.packedId }))
  let told = 0
  const outcomes = await client.verifiedReceipts(requests, { onReceipt: () => told++ })
  expect(outcomes.filter((outcome) => outcome instanceof ClientError)).toEqual([])
  expect(told).toBe(70)
})

test('accounts, positions, assets, members and their absence are read with proof', async () => {
  const { url } = await startNode()
  const client = clientOf([url])
  expect((await client.verifiedAccount(chain.alice)).value?.status).toBe('active')
  expect((await client.verifiedPosition(chain.alice, chain.euro)).value).toMatchObject({ debitsPosted: 123n })
  expect((await client.verifiedPosition(chain.carol, chain.euro)).value).toBeUndefined()
  expect((await client.verifiedAsset(chain.euro)).value?.code).toBe('EUR')
  expect((await client.verifiedMember(chain.bank)).value?.identifier).toBe('BANK')
  expect((await client.verifiedReference(chain.bank, 20_000, new Uint8Array(32))).value).toBeUndefined()
  expect((await client.verifiedBlock(1)).value.timeMs).toBe(chain.headers[1]!.timeMs)
})

const key = (account: typeof chain.alice) => ({ kind: 'account', account }) as const
const stateLies: [string, string, (proof: StateProof) => StateProof][] = [
  ['a proven record of another account', 'CLIENT_PROOF_OF_OTHER', () => chain.proveState([{ key: key(chain.bob) }])],
  ['no record at all', 'CLIENT_PROOF_INCOMPLETE', (proof) => ({ ...proof, entries: [] })],
  [
    'absence of what is there',
    'CLIENT_PROOF_INVALID',
    (proof) => ({ ...proof, entries: proof.entries.map((entry) => ({ ...entry, record: undefined })) }),
  ],
  [
    'a changed record',
    'CLIENT_PROOF_INVALID',
    (proof) => ({
      ...proof,
      entries: proof.entries.map((entry) => ({
        ...entry,
        record: {
          encoded: entry.record!.encoded.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
          blind: entry.record!.blind,
        },
      })),
    }),
  ],
]
test.each(stateLies)('refused in a read of the state: %s', async (_, code, lie) => {
  const { url } = await startNode((port) => {
    port.stateProof = async (keys) => lie(chain.proveState(keys))
  })
  const error = await clientOf([url])
    .verifiedAccount(chain.alice)
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'ClientError', code })
})

test('an answer that is older than asked for is refused', async () => {
  const { url } = await startNode()
  const client = clientOf([url])
  await expect(client.verifiedAccount(chain.alice, { minHeight: 2 })).rejects.toMatchObject({
    code: 'CLIENT_PROOF_STALE',
  })
  await expect(client.verifiedAccount(chain.alice, { maxAgeMs: 1_000 })).rejects.toMatchObject({
    code: 'CLIENT_PROOF_STALE',
  })
  expect((await client.verifiedAccount(chain.alice, { minHeight: 1 })).at.height).toBe(1)
})

test('that a transaction did not happen is proven only when the certified state is past its validity', async () => {
  const { url } = await startNode()
  const client = clientOf([url])
  const { validUntilMs } = chain.unsent.body
  // The certifying header is past the validity, but the state it certifies is of block 1, which is not.
  expect(chain.headers[2]!.timeMs).toBeGreaterThan(validUntilMs)
  await expect(client.verifiedAbsence(chain.unsentId, validUntilMs)).rejects.toMatchObject({
    code: 'CLIENT_NOT_PROVEN_YET',
  })
  const early = chain.headers[1]!.timeMs
  expect(await client.verifiedAbsence(chain.unsentId, early)).toMatchObject({ value: 'did-not-happen' })
  await expect(client.verifiedAbsence(chain.unsentId, early - 2 * 3_600_000)).rejects.toMatchObject({
    code: 'CLIENT_NOT_FOUND',
  })
  expect(await client.verifiedAbsence(chain.packedId, validUntilMs)).toMatchObject({ value: 'happened', height: 1 })
})

test('a dead node and one of another ledger are passed over', async () => {
  const { url } = await startNode()
  const dead = await deadUrl()
  const client = clientOf([dead, url])
  expect((await client.verifiedReceipt(chain.packedId)).receipt.result).toBe('OK')
  const [first, second] = await client.status()
  expect(first?.error?.code).toBe('CLIENT_NODE_UNREACHABLE')
  expect(second?.status?.role).toBe('validator')
  const foreign = await startNode((port) => {
    const { status } = port
    port.status = async () => ({ ...(await status()), ledger: new Uint8Array(32) as never })
  })
  expect((await clientOf([foreign.url]).status())[0]?.error?.code).toBe('CLIENT_OTHER_LEDGER')
})
