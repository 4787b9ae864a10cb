import type { Static, TSchema } from '@sinclair/typebox'
import type { Tables } from '../tables/table.ts'
import type { ActionContext, Events, MigrationContext, ViewContext } from './context.ts'

/** What a function is given: the value of its schema, or an empty object if it has none. */
export type InputOf<S> = S extends TSchema ? Static<S> : Record<string, never>
/** What a function must give; nothing if it has no schema. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is the result of a function, which may end without a return.
export type ResultOf<S> = unknown extends S ? void : S extends TSchema ? Static<S> : void
/** Of a mapped type whose keys may be fewer. */
export type At<T, K> = K extends keyof T ? T[K] : undefined

/** One action. It must not be async: a call has ended when its function has. */
export interface Action<C, I, O> {
  readonly description?: string
  /** What it is called with. The ledger checks it before the contract runs. */
  readonly input?: I
  readonly output?: O
  /** Called by triggers alone. */
  readonly internal?: boolean
  run(context: C, input: InputOf<I>): ResultOf<O>
}

/** One view: it reads, and changes nothing. */
export interface View<C, I, O> {
  readonly description?: string
  readonly input?: I
  readonly output: O
  run(context: C, input: InputOf<I>): ResultOf<O>
}

/**
 * An action that is written apart from its contract, such as in a file of its own; its context's type is then said:
 * @example
 * export const open = action({
 *   input: t.object({ id: t.string() }),
 *   run(ctx: ActionContext<typeof tables, typeof events>, input) { … },
 * })
 */
export function action<C, I extends TSchema | undefined = undefined, O extends TSchema | undefined = undefined>(
  definition: Action<C, I, O>,
): Action<C, I, O> {
  return definition
}

/** A view that is written apart from its contract. */
export function view<C, I extends TSchema | undefined = undefined, O extends TSchema | undefined = undefined>(
  definition: View<C, I, O>,
): View<C, I, O> {
  return definition
}

/** A cadence that begins with the deployment. */
export interface Schedule<A extends string> {
  readonly action: A
  readonly input?: object
  /** At least a minute. */
  readonly everyMs: number
  /** Unix milliseconds; one cadence after the deployment if not said. */
  readonly firstAtMs?: number
  /** What each call may use; 1,000,000 if not said. */
  readonly fuel?: number
}

/** An action that is called when something happened. Its input is `t.eventInput(…)`. */
export interface Subscription<A extends string> {
  /** The contract itself, its account (topic `credited`), or the id of another contract. */
  readonly source: 'self' | 'account' | (string & {})
  readonly topic: string
  readonly action: A
  /** What each call may use; 1,000,000 if not said. */
  readonly fuel?: number
}

/** How the rows of the version before become those of this one. */
export interface Migration<T extends Tables, E extends Events, P extends Tables> {
  /** The tables of the version before. */
  readonly from: P
  /**
   * Moves some rows.
   * @param cursor - What the step before gave; `undefined` for the first.
   * @returns where to go on, or `undefined` when all is moved.
   */
  run(context: MigrationContext<T, E, P>, cursor: string | undefined): string | undefined
}

/** Everything that a contract is. `I` and `O` have the schemas of its actions by name, `VI` and `VO` those of its views. */
export interface ContractDefinition<T extends Tables, E extends Events, I, O, VI, VO, P extends Tables> {
  /** A small letter, then letters, digits and hyphens, at most 64. */
  readonly name: string
  readonly description?: string
  readonly tables?: T
  /** Schemas of what it tells the world, by topic. */
  readonly events?: E
  readonly actions: { readonly [K in keyof I]: Action<ActionContext<T, E>, I[K], At<O, K>> } & {
    readonly [K in keyof O]: { readonly output?: O[K] }
  }
  readonly views?: { readonly [K in keyof VI]: View<ViewContext<T>, VI[K], At<VO, K>> } & {
    readonly [K in keyof VO]: { readonly output: VO[K] }
  }
  readonly schedules?: readonly Schedule<NoInfer<keyof I & string>>[]
  readonly on?: readonly Subscription<NoInfer<keyof I & string>>[]
  readonly migrate?: Migration<T, E, P>
}

/** An action or a view of any contract, once types have done their work. */
export interface AnyCallable {
  readonly description?: string
  readonly input?: TSchema | undefined
  readonly output?: TSchema | undefined
  readonly internal?: boolean
  run(context: unknown, input: unknown): unknown
}

/** Any contract. */
export interface AnyDefinition {
  readonly name: string
  readonly description?: string
  readonly tables: Tables
  readonly events: Events
  readonly actions: Readonly<Record<string, AnyCallable>>
  readonly views: Readonly<Record<string, AnyCallable>>
  readonly schedules: readonly Schedule<string>[]
  readonly on: readonly Subscription<string>[]
  readonly migrate?: Migration<Tables, Events, Tables>
}
