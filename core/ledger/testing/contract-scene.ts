import { toHex } from '../../codec/index.ts'
import { ContractEngine } from '../../contract-vm/index.ts'
import { meteredQuickJs } from '../../contract-vm/testing/metered-quickjs.ts'
import {
  type AccountId,
  type Action,
  type ActionOf,
  type ContractId,
  contractAccountIdOf,
  contractIdOf,
  type Parameters,
  type ReceiptEvent,
  type ResultCode,
} from '../../protocol/index.ts'
import type { ExecutedReceipt } from '../block-result.ts'
import { runnableKept } from '../contracts/runner.ts'
import { byAccountId, byMemberNamed, member, memberOf, TestLedger, testGenesis } from './test-ledger.ts'

const anything = { type: 'array', items: { type: 'string' } }

/**
 * A contract that does what its input says: it asks the host each question, and returns the answers; a question `!throw`, `!refuse`,
 * `!loop`, `!deep`, `!memory` or `!garbage` does that instead.
 */
export const puppetManifest = {
  form: 1,
  name: 'puppet',
  actions: {
    ask: { input: anything },
    inner: { input: anything, internal: true },
    heard: {
      input: {
        type: 'object',
        properties: {
          source: { type: 'string' },
          topic: { type: 'string' },
          transaction: { type: 'string' },
          data: {
            type: 'object',
            properties: {},
            additionalProperties: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
          },
        },
        required: ['source', 'topic', 'data'],
      },
      internal: true,
    },
  },
  views: { look: { input: anything } },
  migrates: false,
}

export function puppetScript(manifest: object = puppetManifest, migration = '({})'): string {
  return `
let calls = 0
const deep = (n) => 1 + deep(n + 1)
globalThis.contract = (text) => {
  const question = JSON.parse(text)
  if (question.kind === 'manifest') return ${JSON.stringify(JSON.stringify(manifest))}
  if (question.kind === 'migration') return JSON.stringify((${migration})(question))
  calls++
  if (question.name === 'heard') {
    host('p5:heard' + JSON.stringify([question.by.kind, question.by.hop, question.input.topic, question.input.data]))
    host('e' + JSON.stringify({ topic: 'heard', data: {} }))
    return '{}'
  }
  const answers = question.input.map((ask) => {
    if (ask === '!throw') throw new TypeError('thrown on purpose')
    if (ask === '!refuse') return null
    if (ask === '!loop') for (;;) {}
    if (ask === '!deep') return deep(0)
    if (ask === '!memory') { const all = []; for (;;) all.push(new Uint8Array(1000000)) }
    if (ask === '!question') return text
    if (ask === '!calls') return String(calls)
    return host(ask)
  })
  if (question.input.includes('!garbage')) return 'garbage'
  if (answers.includes(null)) return '{"refused":{"code":"NOT_TODAY","message":"closed","stack":"at x (contract:3:7)"}}'
  return JSON.stringify({ output: answers })
}
`
}

const prepaidSteps = 2_000_000

/** A ledger with two puppets, of the publisher; Anna (bank A) has 1,000 EUR, Bert (bank B) none. */
export class ContractScene extends TestLedger {
  readonly eur = this.asset('EUR')
  readonly anna = this.open('anna', 'bank-a')
  readonly bert = this.open('bert', 'bank-b')

  constructor(parameters?: Parameters) {
    const members = [memberOf('publisher', { roles: ['publisher'] })]
    super(testGenesis(parameters === undefined ? { members } : { members, parameters }), newRunner())
    this.issue(this.eur, this.anna, 1_000n)
  }

  deployment(name: string, terms: Partial<ActionOf<'contract-deploy'>> = {}): Action {
    const code = { vmVersion: 1, script: puppetScript(), sourceMap: '', source: 'by hand', fuel: 5_000_000 }
    return { kind: 'contract-deploy', member: member('publisher'), name, ...code, prepaidSteps, ...terms }
  }

  deploy(name: string, terms: Partial<ActionOf<'contract-deploy'>> = {}): ContractId {
    const receipt = this.execute([[this.deployment(name, terms)]], { by: [byMemberNamed('publisher')] })
    if (receipt.receipt.result !== 'OK')
      throw new Error(`deploy: ${receipt.receipt.result} ${JSON.stringify(eventsOf(receipt))}`)
    return contractIdOf(member('publisher'), name)
  }

  callAction(contract: ContractId, ask: readonly string[], terms: Partial<ActionOf<'contract-call'>> = {}): Action {
    const call = {
      name: 'ask',
      input: JSON.stringify(ask),
      callers: [],
      funds: [],
      fuel: 2_000_000,
      writtenBytes: 20_000,
    }
    return { kind: 'contract-call', contract, ...call, ...terms }
  }

  call(contract: ContractId, ask: readonly string[], terms: Partial<ActionOf<'contract-call'>> = {}): ExecutedReceipt {
    const by = [byMemberNamed('publisher'), ...(terms.funds ?? []).map(({ account }) => byAccountId(account))]
    const callers =
      terms.callers?.map((caller) => (caller.kind === 'account' ? byAccountId(caller.account) : caller)) ?? []
    const all = [...by, ...callers.filter((one) => one.kind === 'account')]
    const distinct = all.filter(
      (one, i) => all.findIndex((other) => String(Object.values(other)) === String(Object.values(one))) === i,
    )
    return this.execute([[this.callAction(contract, ask, terms)]], { by: distinct })
  }

  /** What the questions of a call were answered. */
  ask(contract: ContractId, ...ask: string[]): string[] {
    const receipt = this.call(contract, ask)
    const returned = eventsOf(receipt).find(({ topic }) => topic === 'returned')
    if (returned === undefined) throw new Error(`${receipt.receipt.result} ${JSON.stringify(eventsOf(receipt))}`)
    return JSON.parse(returned.data) as string[]
  }

  resultOf(contract: ContractId, ask: readonly string[], terms?: Partial<ActionOf<'contract-call'>>): ResultCode {
    return this.call(contract, ask, terms).receipt.result
  }

  account(contract: ContractId): AccountId {
    return contractAccountIdOf(contract, 0)
  }

  transferQuestion(debit: AccountId, credit: AccountId, amount: bigint): string {
    const { eur } = this
    return `t${JSON.stringify({ debit: toHex(debit), credit: toHex(credit), asset: toHex(eur), amount: String(amount) })}`
  }

  fund(amount: bigint) {
    return [{ account: this.anna, asset: this.eur, amount }]
  }

  prepaid(contract: ContractId): number {
    return this.ledger.get<'contract'>({ kind: 'contract', contract })!.prepaidSteps
  }
}

export function newRunner(): ContractEngine {
  return new ContractEngine(meteredQuickJs(), runnableKept)
}

export function eventsOf(receipt: ExecutedReceipt): ReceiptEvent[] {
  return receipt.events.map(({ event }) => event)
}
