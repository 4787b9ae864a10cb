import { type Client, ClientError } from '@tallystick/client'
import { toHex } from '@tallystick/core/codec'
import { expect } from 'vitest'
import { type BadNetwork, until, validators } from './bad-network.ts'
import type { Received } from './offered-load.ts'

const settleTimeoutMs = 120_000
const proofsTogetherMax = 8

/**
 * Requires that nothing is lost of what validators answered `received`: each is executed with success, or its validity ended and a
 * verified proof says that it did not happen. Asks other validators than those that took it.
 */
export async function expectPromisesKept(
  network: BadNetwork,
  received: readonly Received[],
): Promise<{ executed: number; expired: number }> {
  let expired = 0
  for (const index of validators) {
    const client = network.client((index + 1) % validators.length, 'only')
    const late = await lateOf(
      client,
      index,
      received.filter(({ validator }) => validator === index),
    )
    const absent = await absentOf(client, late)
    const statuses = await network.client(index, 'only').statusesOf(absent.map(({ id }) => id))
    for (const status of statuses) expect(status).toEqual({ status: 'expired' })
    expired += absent.length
  }
  return { executed: received.length - expired, expired }
}

/** Resolves when all are executed or out of time. @returns those out of time. */
async function lateOf(client: Client, index: number, received: readonly Received[]): Promise<Received[]> {
  let open = received
  const late: Received[] = []
  const isDone = async (): Promise<boolean> => {
    const now = Date.now()
    const statuses = await client.statusesOf(open.map(({ id }) => id))
    for (const status of statuses) if ('result' in status) expect(status.result).toBe('OK')
    const undecided = open.filter((_, i) => !('result' in statuses[i]!))
    late.push(...undecided.filter(({ validUntilMs }) => validUntilMs <= now))
    open = undecided.filter(({ validUntilMs }) => validUntilMs > now)
    return open.length === 0
  }
  await until(`all that validator ${index} received to be executed or out of time`, isDone, settleTimeoutMs).catch(
    (error: Error) => {
      const [first] = open
      throw new Error(`${error.message}; ${open.length} of ${received.length} are open, such as ${toHex(first!.id)}`)
    },
  )
  return late
}

/** @returns those of which a proof says that they did not happen; the others did, as a proof says too. */
async function absentOf(client: Client, late: readonly Received[]): Promise<Received[]> {
  const absent: Received[] = []
  const waiting = [...late]
  const prove = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const { id, validUntilMs } = one
      await until(`a proof of what became of ${toHex(id)}`, async () => {
        try {
          const { value } = await client.verifiedAbsence(id, validUntilMs)
          if (value === 'did-not-happen') absent.push(one!)
          return true
        } catch (error) {
          if (error instanceof ClientError && error.code === 'CLIENT_NOT_PROVEN_YET') return false
          throw error
        }
      })
    }
  }
  await Promise.all(Array.from({ length: proofsTogetherMax }, prove))
  return absent
}
