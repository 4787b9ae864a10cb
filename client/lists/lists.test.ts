import { expect, test } from 'vitest'
import { clientOf, startNode } from '../testing/nodes.ts'
import * as chain from '../testing/tiny-chain.ts'

test('lists, entries, references and transactions are read', async () => {
  const { url } = await startNode()
  const client = clientOf([url])
  const first = await client.listAccounts({ limit: 2, member: chain.bank })
  const second = await client.listAccounts({ limit: 2, cursor: first.next })
  expect([first.items.length, second.items.length, second.next]).toEqual([2, 1, undefined])
  expect((await client.listAssets()).items[0]?.record.code).toBe('EUR')
  expect((await client.listMembers()).items[0]?.id).toEqual(chain.bank)
  expect((await client.listPositions(chain.alice)).items[0]?.record.creditsPosted).toBe(1_000n)
  const entries = await client.listEntries(chain.alice, chain.euro, { fromSequence: 2 })
  expect(entries.map(({ entry }) => entry.amount)).toEqual([23n])
  const found = await client.findReferences([
    { member: chain.bank, key: new Uint8Array(32).fill(1) },
    { member: chain.bank, key: new Uint8Array(32).fill(2) },
  ])
  expect(found.map((uses) => uses.map(({ businessDay }) => businessDay))).toEqual([[20_000], []])
  expect(await client.transaction(chain.packedId)).toEqual({ kind: 'whole', transaction: chain.packed })
  expect(await client.transaction(chain.unsentId)).toBeUndefined()
})

test('a stored transaction of another id is refused', async () => {
  const { url } = await startNode((port) => {
    port.transaction = async () => ({ kind: 'whole', transaction: chain.failed })
  })
  await expect(clientOf([url]).transaction(chain.packedId)).rejects.toMatchObject({ code: 'CLIENT_PROOF_OF_OTHER' })
})
