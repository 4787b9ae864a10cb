import { equalBytes, fromHex, toHex } from '../../codec/index.ts'
import {
  type AccountId,
  type ContractId,
  type ContractManifest,
  type StateKey,
  subscribersMax,
  topicHashOf,
} from '../../protocol/index.ts'
import type { ActionScope, EmittedEvent } from '../action-scope.ts'
import { book } from './bookings.ts'

/** What the ledger says when an account of a contract is credited. */
const creditedTopic = 'credited'
export const stoppedTopic = 'trigger-stopped'

type SubscriptionKey = Extract<StateKey, { kind: 'contract-subscription' }>

function keyOf(source: Uint8Array, topic: string): SubscriptionKey {
  return { kind: 'contract-subscription', source, topic: topicHashOf(topic) }
}

/**
 * Enters what a contract's code listens to.
 * @returns false if some event has too many listeners already.
 */
export function subscribe(
  scope: ActionScope,
  contract: ContractId,
  account: AccountId,
  { on }: ContractManifest,
): boolean {
  for (const { source, topic, action, fuel } of on) {
    const key = keyOf(sourceOf(source, contract, account), topic)
    const subscribers = scope.state.get<'contract-subscription'>(key)?.subscribers ?? []
    if (subscribers.length >= subscribersMax) return false
    scope.put<'contract-subscription'>(key, { subscribers: [...subscribers, { contract, name: action, fuel }] })
  }
  return true
}

/** Takes out what a contract's code listened to. */
export function unsubscribe(
  scope: ActionScope,
  contract: ContractId,
  account: AccountId,
  { on }: ContractManifest,
): void {
  for (const { source, topic } of on) {
    const key = keyOf(sourceOf(source, contract, account), topic)
    const subscribers = scope.state.get<'contract-subscription'>(key)?.subscribers ?? []
    const others = subscribers.filter((subscriber) => !equalBytes(subscriber.contract, contract))
    if (others.length > 0) scope.put<'contract-subscription'>(key, { subscribers: others })
    else scope.state.delete(key)
  }
}

function sourceOf(source: string, contract: ContractId, account: AccountId): Uint8Array {
  if (source === 'self') return contract
  return source === 'account' ? account : fromHex(source)
}

/**
 * Books the calls of those who listen to what an action told, and to what it credited contracts with.
 * @param hop - Of the trigger that the action came from; 0 if a transaction did.
 */
export function deliver(scope: ActionScope, hop: number): void {
  const told: readonly EmittedEvent[] = [...scope.events]
  for (const { source, topic, data } of told) deliverOne(scope, hop, source, topic, JSON.parse(data))
  for (const { account, asset, amount, debit } of scope.credits) {
    const data = { account: toHex(account), asset: toHex(asset), amount: String(amount), debit: toHex(debit) }
    deliverOne(scope, hop, account, creditedTopic, data)
  }
}

function deliverOne(scope: ActionScope, hop: number, source: Uint8Array, topic: string, data: unknown): void {
  const subscription = scope.state.get<'contract-subscription'>(keyOf(source, topic))
  if (subscription === undefined) return
  const { block } = scope
  const { transaction } = scope.place
  const input = JSON.stringify({ source: toHex(source), topic, data, transaction: toHex(transaction) })
  for (const { contract, name, fuel } of subscription.subscribers) {
    const isLoop = hop >= block.parameters.contracts.hopsMax
    const terms = { kind: 'subscription', everyMs: undefined, hop: hop + 1, cause: transaction } as const
    const booked = isLoop ? undefined : book(scope, contract, { ...terms, name, input, fuel, dueMs: block.timeMs })
    if (typeof booked === 'number') continue
    const reason = { action: name, code: booked ?? 'HOPS_EXCEEDED' }
    scope.emit({ source: contract, topic: stoppedTopic, data: JSON.stringify(reason) })
  }
}
