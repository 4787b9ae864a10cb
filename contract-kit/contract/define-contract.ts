import { Refusal, refuseByKit } from '../errors.ts'
import { call, enter, type Host, leave, type Question } from '../host/ask.ts'
import { compileReader, type Reader } from '../schema/compile-reader.ts'
import { compileWriter, type Writer } from '../schema/compile-writer.ts'
import type { JsonSchema, JsonValue } from '../schema/json-schema.ts'
import type { Tables } from '../tables/table.ts'
import type { Events } from './context.ts'
import type { Contract } from './contract.ts'
import type { AnyCallable, AnyDefinition, ContractDefinition } from './definition.ts'
import { type Contexts, makeContexts, mapValues } from './make-contexts.ts'
import { makeManifest } from './make-manifest.ts'

interface Callable {
  readonly read: Reader | undefined
  readonly write: Writer | undefined
  readonly definition: AnyCallable
}

/**
 * Makes a contract of what it consists of. The module of a contract exports it under the name `contract`.
 * @throws {TypeError} if a table's key or index has a field that is not there or has no order, or a schema can't be used.
 */
export function defineContract<
  I,
  O,
  VI = Record<never, never>,
  VO = Record<never, never>,
  T extends Tables = Record<never, never>,
  E extends Events = Record<never, never>,
  P extends Tables = Record<never, never>,
>(definition: ContractDefinition<T, E, I, O, VI, VO, P>): Contract<T, E, I, O, VI, VO> {
  const whole = { tables: {}, events: {}, views: {}, schedules: [], on: [], ...definition } as unknown as AnyDefinition
  const { tables, events, actions, views, migrate } = whole
  const contexts = makeContexts(tables, events, migrate?.from ?? {})
  const manifest = makeManifest(whole)
  const callables = { action: callablesOf(actions), view: callablesOf(views) }

  const answer = (question: Question): string => {
    switch (question.kind) {
      case 'manifest':
        return JSON.stringify(manifest)
      case 'action':
        return run(callables.action, question, contexts.action)
      case 'view':
        return run(callables.view, question, contexts.view)
      case 'migration':
        return runMigration(migrate, question, contexts)
    }
  }
  return { manifest, dispatch: (text, host) => dispatch(text, host, answer) }
}

function dispatch(text: string, host: Host, answer: (question: Question) => string): string {
  const question = JSON.parse(text) as Question
  const outer = enter(question, host)
  try {
    const said = answer(question)
    const { broken } = call
    if (broken !== undefined) throw broken
    return said
  } catch (error) {
    if (error instanceof Refusal) return refusalText(error)
    throw error
  } finally {
    leave(outer)
  }
}

function refusalText({ code, message, stack }: Refusal): string {
  return JSON.stringify({ refused: { code, message, stack } })
}

function callablesOf(definitions: Readonly<Record<string, AnyCallable>>): Readonly<Record<string, Callable>> {
  return mapValues(definitions, (definition, name) => ({
    definition: synchronous(definition, name),
    read: definition.input === undefined ? undefined : compileReader(definition.input as JsonSchema),
    write:
      definition.output === undefined ? undefined : compileWriter(definition.output as JsonSchema, `output of ${name}`),
  }))
}

/** What an async function does after its first `await` would never be done. */
function synchronous(definition: AnyCallable, name: string): AnyCallable {
  if (/^(Async|Generator)/.test(definition.run.constructor.name)) {
    throw new TypeError(`${name} is an async function or a generator: a call ends when run returns`)
  }
  return definition
}

function run(callables: Readonly<Record<string, Callable>>, { name, input }: Question, context: unknown): string {
  const callable = callables[name]
  if (callable === undefined) refuseByKit('ACTION_UNKNOWN', name)
  const { definition, read, write } = callable
  const result: unknown = definition.run(context, read === undefined ? input : read(input as JsonValue))
  if (write !== undefined) return `{"output":${JSON.stringify(write(result))}}`
  if (result !== undefined) throw new TypeError(`${name} returned something and has no schema of an output`)
  return '{}'
}

function runMigration(migrate: AnyDefinition['migrate'], { input }: Question, contexts: Contexts): string {
  if (migrate === undefined) refuseByKit('ACTION_UNKNOWN', 'migrate')
  const cursor = migrate.run(contexts.migration, input === null ? undefined : (input as string))
  return JSON.stringify({ output: cursor })
}
