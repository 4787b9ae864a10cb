import { describe, expect, it } from 'vitest'
import { toHex } from '../../codec/index.ts'
import {
  type ActionOf,
  type ContractId,
  defaultParameters,
  type Parameters,
  type ResultCode,
  results,
} from '../../protocol/index.ts'
import { ContractScene, eventsOf, puppetManifest, puppetScript } from '../testing/contract-scene.ts'
import { hashOf } from '../testing/keys.ts'
import { byMemberNamed } from '../testing/test-ledger.ts'

type ContractCode = Extract<ResultCode, `CONTRACT_${string}` | `BOOKING_${string}` | 'FUNDS_EXCEEDED'>

const publisher = byMemberNamed('publisher')
const unknown = hashOf('no contract') as ContractId

function deploying(terms: Partial<ActionOf<'contract-deploy'>>) {
  return (s: ContractScene) => s.do(s.deployment('puppet', terms), publisher)
}

function asking(...ask: string[]) {
  return (s: ContractScene) => s.resultOf(s.deploy('puppet'), ask)
}

/** The code of a refusal that the contract itself could have caught. */
function answered(question: (s: ContractScene, contract: ContractId) => string) {
  return (s: ContractScene): ResultCode => {
    const contract = s.deploy('puppet')
    const [answer] = s.ask(contract, question(s, contract))
    return /^!([A-Z_]+)/.exec(answer!)?.[1] as ResultCode
  }
}

function booking(terms: object) {
  return answered(
    (s) => `s${JSON.stringify({ action: 'inner', input: [], atMs: s.timeMs + 60_000, fuel: 1_000_000, ...terms })}`,
  )
}

function call(contract: ContractId, input: readonly string[]): string {
  return `c${JSON.stringify({ contract: toHex(contract), action: 'ask', input, funds: [] })}`
}

const parameters: Parameters = {
  ...defaultParameters,
  contracts: {
    ...defaultParameters.contracts,
    callDepthMax: 1,
    eventsMax: 3,
    hostCallsMax: 50,
    triggerStepsPerMinute: 300_000,
  },
}
const upgrade = {
  vmVersion: 1,
  script: puppetScript({ ...puppetManifest, migrates: true }),
  sourceMap: '',
  source: '',
  fuel: 5_000_000,
}

/** One way to each result of contracts; the type makes it complete. */
const ways: Record<ContractCode, (s: ContractScene) => ResultCode> = {
  CONTRACT_UNKNOWN: (s) => s.resultOf(unknown, []),
  CONTRACT_EXISTS: (s) => {
    s.deploy('puppet')
    return s.do(s.deployment('puppet'), publisher)
  },
  CONTRACT_PAUSED: (s) => {
    const contract = s.deploy('puppet')
    s.do({ kind: 'set-contract-status', contract, status: 'paused', reason: 1 }, byMemberNamed('regulator'))
    return s.resultOf(contract, [])
  },
  CONTRACT_MIGRATING: (s) => {
    const contract = s.deploy('puppet')
    s.do({ kind: 'contract-upgrade', contract, ...upgrade }, publisher)
    return s.resultOf(contract, [])
  },
  CONTRACT_ACTION_UNKNOWN: (s) => s.resultOf(s.deploy('puppet'), [], { name: 'inner' }),
  CONTRACT_INPUT_INVALID: (s) => s.resultOf(s.deploy('puppet'), [], { input: '[1]' }),
  CONTRACT_REFUSED: asking('!refuse'),
  CONTRACT_FAILED: asking('!throw'),
  CONTRACT_FUEL_EXCEEDED: asking('!loop'),
  CONTRACT_MEMORY_EXCEEDED: asking('!memory'),
  CONTRACT_DEPTH_EXCEEDED: asking('!deep'),
  CONTRACT_HOST_CALLS_EXCEEDED: asking(...Array.from({ length: 51 }, () => 'gx')),
  CONTRACT_OUTPUT_EXCEEDED: asking(...Array.from({ length: 5 }, () => '!question'), `l${'x'.repeat(5_000)}`),
  CONTRACT_WRITES_EXCEEDED: asking(...Array.from({ length: 3 }, (_, i) => `p1:${i}${'x'.repeat(9_000)}`)),
  CONTRACT_EVENTS_EXCEEDED: asking(...Array.from({ length: 4 }, () => 'e{"topic":"x"}')),
  CONTRACT_CALL_DEPTH_EXCEEDED: (s) => {
    const other = s.deploy('other')
    return answered(() => call(other, []))(s)
  },
  CONTRACT_REENTERED: answered((_, contract) => call(contract, [])),
  CONTRACT_READ_ONLY: (s) => {
    const { end } = s.ledger.view(s.deploy('puppet'), 'look', ['p1:a1'], 1_000_000)
    return /!([A-Z_]+)/.exec(
      JSON.stringify(end, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    )![1] as ResultCode
  },
  CONTRACT_ROW_INVALID: answered(() => `p1:a${'x'.repeat(16_385)}`),
  CONTRACT_QUESTION_INVALID: answered(() => 'what'),
  CONTRACT_CODE_INVALID: deploying({ script: 'globalThis.contract = () => "no manifest"' }),
  CONTRACT_MACHINE_OTHER: deploying({ vmVersion: 2 }),
  CONTRACT_LIMIT_TOO_HIGH: (s) => s.resultOf(s.deploy('puppet'), [], { fuel: 20_000_001 }),
  CONTRACT_PREPAID_TOO_LOW: (s) => {
    const question = `s${JSON.stringify({ action: 'inner', input: [], atMs: s.timeMs + 60_000, fuel: 1_000_000 })}`
    return /^!([A-Z_]+)/.exec(s.ask(s.deploy('poor', { prepaidSteps: 100 }), question)[0]!)![1] as ResultCode
  },
  CONTRACT_NAME_INVALID: (s) => s.do(s.deployment('Puppet'), publisher),
  BOOKING_MINUTE_FULL: (s) => {
    const contract = s.deploy('puppet')
    const book = `s${JSON.stringify({ action: 'inner', input: [], atMs: s.timeMs + 60_000, fuel: 19_000_000 })}`
    return /^!([A-Z_]+)/.exec(s.ask(contract, book, book)[1]!)![1] as ResultCode
  },
  BOOKING_TIME_INVALID: booking({ atMs: 5 }),
  FUNDS_EXCEEDED: answered((s) => s.transferQuestion(s.anna, s.bert, 1n)),
}

describe('results of contracts', () => {
  for (const code of Object.keys(ways) as ContractCode[]) {
    it(`error: ${code} is what a receipt or an answer can say, and the books stay balanced`, () => {
      const scene = new ContractScene(parameters)
      expect(ways[code](scene)).toBe(code)
      scene.ledger.audit()
    })
  }

  it('behavior: they are all results of contracts', () => {
    const all = Object.keys(results).filter((code) => /^(CONTRACT|BOOKING)_|^FUNDS_EXCEEDED$/.test(code))
    expect(Object.keys(ways).sort()).toEqual(all.sort())
  })

  const bad: [string, object | string][] = [
    ['a script that does not parse', 'let ='],
    ['a script that throws', 'throw new Error("no")'],
    ['a script that never ends', 'for (;;) {}'],
    ['no contract', '1'],
    ['an unknown form', { ...puppetManifest, form: 2 }],
    [
      'a schema with a pattern',
      { ...puppetManifest, actions: { ask: { input: { type: 'string', pattern: '(a+)+' } } } },
    ],
    [
      'a listener without its action',
      { ...puppetManifest, on: [{ source: 'self', topic: 'x', action: 'none', fuel: 1 }] },
    ],
    ['a name that is none', { ...puppetManifest, actions: { 'Ask!': { input: { type: 'null' } } } }],
  ]
  for (const [what, manifest] of bad) {
    it(`error: ${what} is no code, and the event says where`, () => {
      const s = new ContractScene()
      const script = typeof manifest === 'string' ? manifest : puppetScript(manifest)
      const receipt = s.execute([[s.deployment('puppet', { script })]], { by: [publisher] })
      expect(receipt.receipt.result).toBe('CONTRACT_CODE_INVALID')
      expect(JSON.parse(eventsOf(receipt)[0]!.data)).toEqual({
        code: 'CONTRACT_CODE_INVALID',
        message: expect.stringMatching(/\w/),
      })
    })
  }
})
