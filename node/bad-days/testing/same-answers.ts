import { toHex } from '@tallystick/core/codec'
import type { TransactionId } from '@tallystick/core/protocol'
import { expect } from 'vitest'
import type { BadNetwork } from './bad-network.ts'

const askedAtOnce = 16

async function text(network: BadNetwork, index: number, path: string): Promise<string> {
  const response = await fetch(`${network.apiUrl(index)}${path}`)
  const answer = await response.text()
  expect(response.status, `${path} of validator ${index}: ${answer}`).toBe(200)
  return answer
}

/** Requires two validators to give the same receipts of these transactions and the same balances, byte by byte. */
export async function expectSameAnswers(
  network: BadNetwork,
  [one, other]: readonly [number, number],
  ids: readonly TransactionId[],
): Promise<void> {
  const { book } = network
  const paths = [
    ...['issuance', 'alice', 'bob'].map((name) => `/v1/accounts/${toHex(book.account(name))}/positions`),
    `/v1/accounts/${toHex(book.account('bob'))}/positions/${toHex(book.euro)}/entries?limit=100`,
    ...ids.map((id) => `/v1/receipts/${toHex(id)}`),
  ]
  for (let from = 0; from < paths.length; from += askedAtOnce) {
    const part = paths.slice(from, from + askedAtOnce)
    const answers = (index: number) => Promise.all(part.map((path) => text(network, index, path)))
    expect(await answers(one)).toEqual(await answers(other))
  }
}
