import type { Client, SubmitOutcome, TransactionStatus, VerifiedReceipt } from '@tallystick/client'
import { ClientError } from '@tallystick/client'
import { encode, toHex } from '@tallystick/core/codec'
import {
  type ActionOf,
  action,
  actionsOf,
  type ReceiptPointer,
  type ReceiptProof,
  type ResultCode,
  type Transaction,
  type TransactionId,
  transactionIdOf,
} from '@tallystick/core/protocol'
import type { Connection } from '../ledger/connect.ts'

interface Executed {
  readonly height: number
  readonly actions: readonly ActionOf<'transfer'>[]
  readonly items: readonly { readonly result: ResultCode; readonly original: ReceiptPointer | undefined }[]
}

/** What goes wrong with a submission, once. `answer-lost`: it is executed, but nobody says so. */
export type Fault = 'lost' | 'refused' | 'expired' | 'answer-lost'

/**
 * References as the ledger keeps them, without cryptography: what the importer does about faults can be tried without a
 * network. `moved` counts how often each reference moved value.
 */
export class FakeLedger {
  readonly moved = new Map<string, number>()
  readonly faults: Fault[] = []
  /** Results of single transfers, by the amount. */
  readonly results = new Map<bigint, ResultCode[]>()
  submissions = 0
  hidesReferences = false
  readonly #executed = new Map<string, Executed>()
  readonly #first = new Map<string, { readonly pointer: ReceiptPointer; readonly content: string }>()
  readonly #hidden = new Set<string>()
  #height = 0

  get connection(): Pick<Connection, 'client' | 'eachNode'> {
    const client = this.#client()
    return { client, eachNode: [client, client] }
  }

  #execute({ body }: Transaction): void {
    const id = transactionIdOf(body)
    if (this.#executed.has(toHex(id))) return
    this.#height += 1
    const actions = actionsOf(body) as ActionOf<'transfer'>[]
    const items = actions.map((transfer, index) =>
      this.#transfer(transfer, { id, height: this.#height, index: 0, action: index }),
    )
    this.#executed.set(toHex(id), { height: this.#height, actions, items })
  }

  #transfer(transfer: ActionOf<'transfer'>, pointer: ReceiptPointer): Executed['items'][number] {
    const { key, businessDay } = transfer.reference!
    const used = `${businessDay}/${toHex(key)}`
    const content = toHex(encode(action, transfer))
    const first = this.#first.get(used)
    if (first !== undefined) {
      return first.content === content
        ? { result: 'ALREADY_DONE', original: first.pointer }
        : { result: 'REFERENCE_CONFLICT', original: undefined }
    }
    const result = this.results.get(transfer.amount)?.shift() ?? 'OK'
    if (result === 'OK') {
      this.#first.set(used, { pointer, content })
      this.moved.set(used, (this.moved.get(used) ?? 0) + 1)
    }
    return { result, original: undefined }
  }

  #submit(transactions: readonly Transaction[]): SubmitOutcome[] {
    return transactions.map((transaction): SubmitOutcome => {
      this.submissions += 1
      const id = transactionIdOf(transaction.body)
      const fault = this.faults.shift()
      if (fault === 'refused') {
        const problem = { status: 422, code: 'TX_SIGNATURE_INVALID', detail: 'wrong key', action: 'sign again' }
        return { id, status: 'refused', error: new ClientError('CLIENT_REFUSED', { problem }) }
      }
      if (fault !== 'lost' && fault !== 'expired') this.#execute(transaction)
      if (fault === 'answer-lost') this.#hidden.add(toHex(id))
      return { id, status: 'received' }
    })
  }

  #statusOf(id: TransactionId): TransactionStatus {
    const executed = this.#executed.get(toHex(id))
    if (executed === undefined || this.#hidden.has(toHex(id))) return { status: 'expired' }
    return { status: 'proven', height: executed.height, index: 0, result: 'OK' }
  }

  #proofOf(id: TransactionId): ReceiptProof | ClientError {
    const executed = this.#executed.get(toHex(id))
    if (executed === undefined) return new ClientError('CLIENT_NOT_FOUND')
    const { height, actions, items } = executed
    const count = actions.length + 1
    return {
      receipt: { id, result: 'OK', timeMs: 1_000 * height, position: { height, phase: 'payload', index: 0 } },
      items: items.map((item, i) => ({ item: { ...item, action: i, group: i, reference: actions[i]!.reference } })),
      entries: [],
      events: [],
      components: actions.map((value, i) => ({ index: i + 1, count, encoded: encode(action, value) })),
      disclosures: [],
    } as unknown as ReceiptProof
  }

  #client(): Client {
    const fake: Partial<Client> = {
      ledger: new Uint8Array(32) as Client['ledger'],
      submitMany: async (transactions) => this.#submit(transactions),
      waitForAll: async (ids, _stage, options) => {
        const statuses = ids.map((id) => this.#statusOf(id))
        for (const [i, status] of statuses.entries()) options?.onReached?.(i, status)
        return statuses
      },
      verifiedReceipts: async (requests) =>
        requests.map(({ id }) => {
          const proof = this.#proofOf(id)
          return proof instanceof ClientError ? proof : ({ id, proof } as unknown as VerifiedReceipt)
        }),
      verifiedReceipt: async (id) => {
        const proof = this.#proofOf(id)
        if (proof instanceof ClientError) throw proof
        return { id, proof } as unknown as VerifiedReceipt
      },
      findReferences: async (lookups) =>
        lookups.map(({ key }) =>
          [...this.#first].flatMap(([used, { pointer }]) =>
            !this.hidesReferences && used.endsWith(`/${toHex(key)}`)
              ? [{ businessDay: Number(used.split('/', 1)[0]), record: { content: key, first: pointer } }]
              : [],
          ),
        ),
    }
    return fake as Client
  }
}
