import { type Action, type ContractId, contractIdOf, type MemberId } from '@tallystick/core/protocol'

const name = { type: 'string', minLength: 1, maxLength: 64 }
const counter = { type: 'object', properties: { name }, required: ['name'] }
const questions = { type: 'array', items: { type: 'string' } }

/** When the contract's own cadence begins, if it has one. */
interface CounterTerms {
  readonly firstAtMs?: number
}

function manifestOf({ firstAtMs }: CounterTerms): object {
  const beat = { action: 'beat', input: { name: 'beats' }, everyMs: 60_000, firstAtMs, fuel: 1_000_000 }
  return {
    form: 1,
    name: 'counter',
    tables: { counters: { key: ['name'], schema: { type: 'integer' }, indexes: {} } },
    actions: {
      add: {
        input: {
          type: 'object',
          properties: { name, by: { type: 'integer', minimum: 1 } },
          required: ['name', 'by'],
        },
        output: { type: 'integer' },
      },
      addLater: {
        input: { type: 'object', properties: { name, inMs: { type: 'integer' } }, required: ['name', 'inMs'] },
      },
      beat: { input: counter, internal: true },
      ask: { input: questions },
    },
    views: { total: { input: counter, output: { type: 'integer' } }, ask: { input: questions } },
    events: { counted: { type: 'object', properties: { name, total: { type: 'integer' } } } },
    schedules: firstAtMs === undefined ? [] : [beat],
    on: [],
    migrates: false,
  }
}

/**
 * A contract written by hand, as spec/contracts.md §2 to §5 says: named counters, which time may move too. `ask` puts questions to
 * the ledger as they are, and does what `!throw`, `!refuse`, `!deep` and `!loop` say; `!under N question` asks it N calls deep.
 */
export function counterScript(terms: CounterTerms = {}): string {
  return `
const ask = (question) => {
  const answer = host(question)
  if (answer[0] === '!') throw new Error(answer.slice(1))
  return answer
}
const totalOf = (name) => Number(ask('g' + 'counter/' + name).slice(1))
const add = (name, by) => {
  const key = 'counter/' + name
  const total = totalOf(name) + by
  ask('p' + key.length + ':' + key + total)
  ask('e' + JSON.stringify({ topic: 'counted', data: { name, total } }))
  return total
}
const deep = (n) => 1 + deep(n + 1)
const under = (levels, question) => (levels === 0 ? host(question) : under(levels - 1, question) + '')
const puppet = (question) => {
  if (question === '!throw') throw new TypeError('thrown on purpose')
  if (question === '!deep') return deep(0)
  if (question === '!loop') for (;;) {}
  if (question.startsWith('!under ')) {
    const [, levels, rest] = /^!under (\\d+) (.*)$/s.exec(question)
    return under(Number(levels), rest)
  }
  return host(question)
}
const actions = {
  add: ({ name, by }) => add(name, by),
  addLater: ({ name, inMs }, { now }) => {
    const booking = { action: 'beat', input: { name }, atMs: now + inMs, fuel: 1000000 }
    return Number(ask('s' + JSON.stringify(booking)).slice(1))
  },
  beat: ({ name }) => {
    host('l' + 'one more for ' + name)
    add(name, 1)
  },
  ask: (questions) => questions.map(puppet),
}
const views = { total: ({ name }) => totalOf(name), ask: (questions) => questions.map(puppet) }
globalThis.contract = (text) => {
  const { kind, name, input, now } = JSON.parse(text)
  if (kind === 'manifest') return ${JSON.stringify(JSON.stringify(manifestOf(terms)))}
  if (name === 'ask' && input[0] === '!refuse') {
    return JSON.stringify({ refused: { code: 'NOT_TODAY', message: 'closed', stack: 'at refuse (contract:1:1)' } })
  }
  return JSON.stringify({ output: (kind === 'view' ? views : actions)[name](input, { now }) })
}
`
}

export const counterSource = 'counter, by hand'

/** @returns the contract's id, and what deploys it. */
export function deployCounter(
  member: MemberId,
  terms: CounterTerms = {},
): { readonly contract: ContractId; readonly action: Action } {
  const action: Action = {
    kind: 'contract-deploy',
    member,
    name: 'counter',
    vmVersion: 1,
    script: counterScript(terms),
    sourceMap: '{}',
    source: counterSource,
    fuel: 2_000_000,
    prepaidSteps: 200_000,
  }
  return { contract: contractIdOf(member, 'counter'), action }
}

export function callCounter(contract: ContractId, action: string, input: unknown, by: MemberId): Action {
  return {
    kind: 'contract-call',
    contract,
    name: action,
    input: JSON.stringify(input),
    callers: [{ kind: 'member', member: by }],
    funds: [],
    fuel: 2_000_000,
    writtenBytes: 65_536,
  }
}
